package flotilla.store.log.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import flotilla.protocol.Member;
import flotilla.raft.Input;
import flotilla.raft.Raft;
import flotilla.raft.RaftConfig;
import flotilla.raft.Ready;
import flotilla.raft.Restored;
import flotilla.raft.log.Entry;
import flotilla.raft.log.HardState;
import flotilla.raft.log.LogOutline;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfState;
import flotilla.raft.message.Message;
import flotilla.store.apply.Applied;
import flotilla.store.apply.member.MemberBook;
import flotilla.store.apply.member.MemberChange;
import flotilla.store.apply.member.Wish;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.apply.refusal.UnreadableEntry;
import flotilla.store.log.Membership;
import flotilla.store.log.SnapshotShelf;
import flotilla.store.log.Transport;
import flotilla.store.peer.PeerReply;
import flotilla.store.peer.PeerRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What member 1 makes of wishes, and of what the leader says of them. */
class MemberChangesTest {
    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final HandLoop loop = new HandLoop();
    private final LogOutline log = new LogOutline(SnapshotMark.beginning(ConfState.of(1)));
    private final Raft core =
            new Raft(
                    RaftConfig.of(1, 1),
                    new Restored(new HardState(0, 0, 1), log, log.lastIndex(), ConfState.of(1)),
                    (from, to) -> 0);
    private final Steps steps = new Steps(core, loop, cause -> fail("a step of the core", cause));
    private final Asked transport = new Asked();
    private final List<Entry> appended = new ArrayList<>();
    private MemberBook book = founded(1);
    private long leader = 2;
    private long written;

    private MemberChanges changes(MemberBook founded) {
        book = founded;
        Workers workers =
                new Workers(loop, Runnable::run, Runnable::run, Runnable::run, Runnable::run, loop);
        return new MemberChanges(
                new MemberChanges.View(steps, new Leader(1, () -> leader), () -> book),
                new Requests(77, TIMEOUT_NANOS, () -> 0),
                transport,
                workers);
    }

    private static MemberBook founded(long... ids) {
        return MemberBook.founded(
                ConfState.of(ids),
                LongStream.of(ids).mapToObj(id -> member(id, "m" + id)).toList());
    }

    private static Member member(long id, String name) {
        return Member.newBuilder()
                .setID(id)
                .setName(name)
                .addPeerURLs("http://m" + id + ":1")
                .build();
    }

    private static EtcdError error(CompletableFuture<Applied> answer) {
        assertThat(answer).isCompletedExceptionally();
        return ((EtcdException) answer.exceptionNow()).error();
    }

    private static PeerReply reply(PeerReply.Outcome outcome, String refusal) {
        return PeerReply.newBuilder().setOutcome(outcome).setRefusal(refusal).build();
    }

    static Stream<Arguments> words() {
        return Stream.of(
                arguments(reply(PeerReply.Outcome.REFUSED, "MEMBER_EXISTS"), 0, "MEMBER_EXISTS"),
                arguments(
                        reply(PeerReply.Outcome.REFUSED, "OF_A_LATER_VERSION"),
                        0,
                        "UNREADABLE_REFUSAL"),
                arguments(reply(PeerReply.Outcome.REFUSED, ""), 0, "UNREADABLE_REFUSAL"),
                arguments(reply(PeerReply.Outcome.UNKNOWN, ""), 5, "TIMEOUT"),
                arguments(reply(PeerReply.Outcome.OK, ""), 5, "TIMEOUT"),
                arguments(reply(PeerReply.Outcome.BEGUN, ""), 5, "TIMEOUT"),
                arguments(new IOException("no answer came"), 5, "TIMEOUT"),
                arguments(reply(PeerReply.Outcome.REFUSED, "NOT_LEADER"), 5, "NOT_LEADER"),
                arguments(
                        reply(PeerReply.Outcome.REFUSED, "TOO_MANY_REQUESTS"),
                        5,
                        "TOO_MANY_REQUESTS"));
    }

    @ParameterizedTest
    @MethodSource("words")
    void a_refusal_is_told_as_one_and_what_is_not_known_as_that(
            Object says, int seconds, EtcdError error) {
        transport.says = says;

        CompletableFuture<Applied> answer = changes(founded(1, 2, 3)).change(new Wish.Remove(3));
        loop.run();
        if (seconds > 0) {
            assertThat(answer).isNotDone();
            loop.pass(TimeUnit.SECONDS.toNanos(seconds));
        }

        assertThat(error(answer)).isEqualTo(error);
        assertThat(error(answer).text()).startsWith("etcdserver: ");
    }

    @Test
    void what_comes_of_a_removal_that_was_begun_is_unknown() {
        transport.says = reply(PeerReply.Outcome.BEGUN, "");
        CompletableFuture<Applied> answer = changes(founded(1, 2, 3)).change(new Wish.Remove(3));
        loop.run();

        transport.says = reply(PeerReply.Outcome.REFUSED, "NOT_LEADER");
        loop.pass(TIMEOUT_NANOS);

        assertThat(error(answer)).isEqualTo(EtcdError.TIMEOUT);
    }

    /** Or those who stay may not know that they can do without its vote (raft.md scenario 46). */
    @Test
    void a_voter_is_demoted_before_it_goes() throws UnreadableEntry {
        lead();
        CompletableFuture<Applied> answer = changes(founded(1, 2)).change(new Wish.Remove(2));
        loop.pass(MemberChanges.AGAIN_NANOS);
        Entry first = appended.getLast();
        MemberChange demotion = MemberChange.parse(first.kind(), first.data());
        assertThat(demotion.wishes()).containsExactly(new Wish.Demote(2));

        book = book.after(demotion);
        steps.give(new Input.ChangeApplied(first.index(), demotion.change()));
        loop.pass(MemberChanges.AGAIN_NANOS);

        Entry second = appended.getLast();
        assertThat(MemberChange.parse(second.kind(), second.data()).wishes())
                .containsExactly(new Wish.Remove(2));
        assertThat(second.index()).isEqualTo(first.index() + 1);
        assertThat(answer).isNotDone();
    }

    private void lead() {
        steps.begin(this::store);
        LongStream.range(0, 20).forEach(_ -> steps.give(new Input.Tick()));
        loop.run();
        assertThat(core.status().standing().leader()).isEqualTo(1);
        leader = 1;
    }

    /**
     * The strict check looks at members as they are applied. One that becomes two is safe once, and
     * by those members the second is, too: it must not be in the log before the first is applied.
     */
    @Test
    void a_wish_is_judged_by_the_members_that_the_one_before_it_leaves() {
        lead();
        MemberChanges changes = changes(founded(1));
        long before = core.status().last();

        CompletableFuture<Applied> first = changes.change(new Wish.AddVoter(member(2, "")));
        CompletableFuture<Applied> second = changes.change(new Wish.AddVoter(member(3, "")));
        loop.pass(TIMEOUT_NANOS);

        assertThat(core.status().last()).as("one is in the log").isEqualTo(before + 1);
        assertThat(error(first)).as("as nobody has applied it").isEqualTo(EtcdError.TIMEOUT);
        assertThat(error(second)).isEqualTo(EtcdError.TOO_MANY_REQUESTS);
    }

    /** On a disk that takes no time; nothing is applied. */
    private void store(Ready ready) {
        ready.entries().forEach(log::append);
        appended.addAll(ready.entries());
        if (ready.write() > written) {
            written = ready.write();
            steps.give(new Input.Stored(ready.write()));
        }
    }

    /** The way to the leader, which always says the same. */
    private static final class Asked implements Transport {
        private Object says = PeerReply.getDefaultInstance();

        @Override
        public CompletableFuture<PeerReply> ask(long member, PeerRequest request) {
            return says instanceof PeerReply reply
                    ? CompletableFuture.completedFuture(reply)
                    : CompletableFuture.failedFuture((IOException) says);
        }

        @Override
        public void send(Message message) {}

        @Override
        public CompletableFuture<Void> send(long member, long term, SnapshotShelf.Stored snapshot) {
            throw new AssertionError("no snapshot is sent");
        }

        @Override
        public void members(Collection<Membership.Peer> members) {}

        @Override
        public OptionalLong reachedSince(long member) {
            return OptionalLong.empty();
        }

        @Override
        public void close() {}
    }
}
