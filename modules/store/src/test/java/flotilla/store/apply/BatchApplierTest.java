package flotilla.store.apply;

import static flotilla.store.Commands.batch;
import static flotilla.store.Commands.delete;
import static flotilla.store.Commands.grant;
import static flotilla.store.Commands.put;
import static flotilla.store.Commands.putRequest;
import static flotilla.store.Commands.range;
import static flotilla.store.Commands.revoke;
import static org.assertj.core.api.Assertions.assertThat;

import flotilla.protocol.PutRequest;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.RequestOp;
import flotilla.protocol.TxnRequest;
import flotilla.store.apply.alarm.Alarms;
import flotilla.store.apply.lease.Lease;
import flotilla.store.apply.lease.LeaseBook;
import flotilla.store.apply.lease.LeaseListener;
import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.mvcc.Commit;
import flotilla.store.apply.mvcc.LimitedRoom;
import flotilla.store.apply.mvcc.MemoryBackend;
import flotilla.store.apply.mvcc.MvccReader;
import flotilla.store.apply.mvcc.RangeQuery;
import flotilla.store.apply.mvcc.StoreState;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.command.Command;
import flotilla.store.command.LeaseCheckpoint;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What one entry of several commands comes to, and what of it is bounded. */
class BatchApplierTest {
    private static final String MEBIBYTE = "v".repeat(1 << 20);

    private final MemoryBackend backend = new MemoryBackend();
    private AppliedState state = new AppliedState(StoreState.FRESH, Alarms.NONE, 0);
    private final List<Commit> commits = new ArrayList<>();
    private final List<String> news = new ArrayList<>();

    @Test
    void what_becomes_of_leases_is_told_in_order() {
        apply(grant(7, 60), put("a", "1", 7), grant(8, 90));
        apply(revoke(7));

        assertThat(news).containsExactly("granted 7 for 60 s", "granted 8 for 90 s", "revoked 7");
    }

    @Test
    void a_checkpoint_is_kept_with_its_lease() {
        apply(grant(7, 60));

        apply(
                Command.newBuilder()
                        .setLeaseCheckpoint(
                                LeaseCheckpoint.newBuilder()
                                        .addLeases(
                                                LeaseCheckpoint.Remaining.newBuilder()
                                                        .setId(7)
                                                        .setRemainingTtlSeconds(25)))
                        .build());

        assertThat(lease(7).remainingTtlSeconds()).isEqualTo(25);
    }

    @Test
    void what_is_refused_for_its_answer_has_written_nothing() {
        apply(put("v1", MEBIBYTE), put("v2", MEBIBYTE), put("v3", MEBIBYTE), put("v4", MEBIBYTE));
        long before = state.store().revision();

        List<Applied> answers =
                apply(txn(op(putRequest("x", "1")), op(range("v", "w", 0))), put("y", "1"));

        assertThat(answers.getFirst()).isEqualTo(new Applied.Refused(EtcdError.ANSWER_TOO_LARGE));
        assertThat(answers.getLast()).isInstanceOf(Applied.Done.class);
        assertThat(state.store().revision()).isEqualTo(before + 1);
        assertThat(commits.getLast().changes())
                .extracting(change -> change.key().toStringUtf8())
                .containsExactly("y");
        assertThat(count("x")).isZero();
        assertThat(count("y")).isOne();
    }

    @Test
    void when_an_entry_has_answered_its_share_the_next_answers_are_asked_for_again() {
        apply(put("v1", MEBIBYTE), put("v2", MEBIBYTE), put("v3", MEBIBYTE));

        List<Applied> answers =
                apply(
                        txn(op(range("v", "w", 0))),
                        txn(op(range("v", "w", 0))),
                        txn(op(range("v1", "", 0))),
                        put("y", "1"));

        assertThat(answers.subList(0, 2)).hasOnlyElementsOfType(Applied.Done.class);
        assertThat(answers.get(2)).isEqualTo(new Applied.Refused(EtcdError.TOO_MANY_REQUESTS));
        assertThat(answers.get(3)).isInstanceOf(Applied.Done.class);
    }

    @Test
    void changes_are_remembered_up_to_two_mebibytes_an_entry_and_counted_all() {
        BatchApplier applied = run(put("a", MEBIBYTE), put("b", "1"), put("c", MEBIBYTE + "more"));

        assertThat(applied.commits()).extracting(Commit::whole).containsExactly(true, true, false);
        assertThat(applied.count().changes()).isEqualTo(3);
        assertThat(applied.count().putBytes()).isEqualTo(3 + 2 * (1 << 20) + 1 + 4);
        assertThat(run(put("c", MEBIBYTE)).commits())
                .extracting(Commit::whole)
                .containsExactly(true);
    }

    /** Whoever proposed it may have been of another mind, or of another version. */
    @Test
    void what_contradicts_itself_is_refused_here_too() {
        assertThat(
                        apply(
                                txn(op(putRequest("a", "1")), op(putRequest("a", "2"))),
                                put("", "1"),
                                delete("", "")))
                .containsExactly(
                        new Applied.Refused(EtcdError.DUPLICATE_KEY),
                        new Applied.Refused(EtcdError.EMPTY_KEY),
                        new Applied.Refused(EtcdError.EMPTY_KEY));
    }

    private List<Applied> apply(Command... commands) {
        try (Backend.Draft draft = backend.draft()) {
            BatchApplier applier = applier(draft);
            List<Applied> answers = applier.apply(batch(commands));
            finish(applier, draft);
            return answers;
        }
    }

    private BatchApplier run(Command... commands) {
        try (Backend.Draft draft = backend.draft()) {
            BatchApplier applier = applier(draft);
            applier.apply(batch(commands));
            finish(applier, draft);
            return applier;
        }
    }

    private BatchApplier applier(Backend.Draft draft) {
        return new BatchApplier(draft, state, state.store().appliedIndex() + 1, 1);
    }

    private void finish(BatchApplier applier, Backend.Draft draft) {
        state = applier.finish();
        draft.write();
        commits.addAll(applier.commits());
        applier.leaseNews().forEach(told -> told.accept(listener()));
    }

    private LeaseListener listener() {
        return new LeaseListener() {
            @Override
            public void granted(Lease lease) {
                news.add("granted %d for %d s".formatted(lease.id(), lease.grantedTtlSeconds()));
            }

            @Override
            public void revoked(long leaseId) {
                news.add("revoked " + leaseId);
            }

            @Override
            public void replaced() {
                throw new AssertionError("no entry replaces the state");
            }
        };
    }

    private Lease lease(long id) {
        try (Backend.View view = backend.view()) {
            return LeaseBook.find(view, id).orElseThrow();
        }
    }

    private long count(String key) {
        try (Backend.View view = backend.view()) {
            return RangeQuery.answer(
                            MvccReader.of(view), range(key, "", 0), LimitedRoom.unlimited())
                    .getCount();
        }
    }

    private static Command txn(RequestOp... operations) {
        return Command.newBuilder()
                .setTxn(TxnRequest.newBuilder().addAllSuccess(List.of(operations)))
                .build();
    }

    private static RequestOp op(PutRequest.Builder put) {
        return RequestOp.newBuilder().setRequestPut(put).build();
    }

    private static RequestOp op(RangeRequest range) {
        return RequestOp.newBuilder().setRequestRange(range).build();
    }
}
