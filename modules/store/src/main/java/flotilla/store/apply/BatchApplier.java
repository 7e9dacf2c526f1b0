package flotilla.store.apply;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import flotilla.protocol.AlarmRequest;
import flotilla.protocol.AlarmResponse;
import flotilla.protocol.CompactionRequest;
import flotilla.protocol.CompactionResponse;
import flotilla.protocol.LeaseGrantRequest;
import flotilla.protocol.LeaseGrantResponse;
import flotilla.protocol.LeaseRevokeRequest;
import flotilla.protocol.LeaseRevokeResponse;
import flotilla.protocol.Member;
import flotilla.protocol.MemberUpdateResponse;
import flotilla.protocol.ResponseHeader;
import flotilla.protocol.TxnRequest;
import flotilla.store.apply.alarm.Alarms;
import flotilla.store.apply.lease.Lease;
import flotilla.store.apply.lease.LeaseBook;
import flotilla.store.apply.lease.LeaseListener;
import flotilla.store.apply.level.FeatureLevel;
import flotilla.store.apply.member.MemberBook;
import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.mvcc.ChangeCount;
import flotilla.store.apply.mvcc.Commit;
import flotilla.store.apply.mvcc.LimitedRoom;
import flotilla.store.apply.mvcc.MvccWriter;
import flotilla.store.apply.mvcc.RequestChecks;
import flotilla.store.apply.mvcc.StoreState;
import flotilla.store.apply.mvcc.TxnPlan;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.command.Command;
import flotilla.store.command.CommandBatch;
import flotilla.store.command.LeaseCheckpoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * Applies the commands of one log entry, one after the other, to a draft. Pure: what comes out
 * depends on the draft and the commands alone. Every check that depends on state is made here, in
 * log order, whatever was checked before the command was proposed.
 *
 * <p>What one entry makes is held in memory until all of it is written, so it is bounded, by
 * constants: every member must refuse the same commands, whatever its heap.
 */
public final class BatchApplier {
    /** What one command may answer in key-values, bytes: what gRPC's clients take by default. */
    public static final int ANSWER_BYTES_MAX = 4 << 20;

    /** What the answers before a command of the same entry may hold for it to be answered too. */
    private static final int ANSWERS_BYTES_MAX = 4 << 20;

    /** Changes of one entry that watchers needn't read from history, bytes. */
    private static final int REMEMBERED_BYTES_MAX = 2 << 20;

    private final Backend.Draft draft;
    private final LeaseBook leases;
    private final List<Commit> commits = new ArrayList<>();
    private final ChangeCount count = new ChangeCount();
    private final List<Consumer<LeaseListener>> leaseNews = new ArrayList<>();
    private final long index;
    private final long term;
    private StoreState state;
    private Alarms alarms;
    private int level;
    private long answeredBytes;
    private long rememberedBytes;

    /**
     * @param index of the entry
     * @param term of the entry
     */
    public BatchApplier(Backend.Draft draft, AppliedState before, long index, long term) {
        this.index = index;
        this.term = term;
        this.draft = draft;
        this.leases = new LeaseBook(draft);
        this.state = before.store();
        this.alarms = before.alarms();
        this.level = before.level();
    }

    /**
     * Applies the commands of an entry, in order; a refused one does not stop those after it. What
     * is above the cluster's level is refused whole, by its envelope: some member might not be able
     * to read more of it.
     */
    public List<Applied> apply(CommandBatch batch) {
        return FeatureLevel.admits(level, batch.getLevel())
                ? batch.getCommandsList().stream().map(this::apply).toList()
                : Collections.nCopies(
                        batch.getCommandsCount(), new Applied.Refused(EtcdError.NOT_CAPABLE));
    }

    public Applied apply(Command command) {
        if (command.getOnlyInTerm() != 0 && command.getOnlyInTerm() != term) {
            return new Applied.Refused(EtcdError.NOT_LEADER);
        }
        try {
            return new Applied.Done(run(command));
        } catch (EtcdException e) {
            return new Applied.Refused(e.error());
        }
    }

    /** Adds the state after all commands, as of the entry, to the draft, and returns it. */
    public AppliedState finish() {
        state = new StoreState(index, term, state.revision(), state.compactRevision());
        draft.add(state.change());
        return new AppliedState(state, alarms, level);
    }

    /** What all commits come to, those too that don't hold all their changes. */
    public ChangeCount count() {
        return count;
    }

    public List<Commit> commits() {
        return commits;
    }

    public List<Consumer<LeaseListener>> leaseNews() {
        return leaseNews;
    }

    private Message run(Command command) {
        alarms.check(command);
        return switch (command.getCommandCase()) {
            case PUT ->
                    write(writer -> {
                        RequestChecks.check(command.getPut());
                        writer.checkAlone(command.getPut());
                        return writer.put(command.getPut());
                    });
            case DELETE_RANGE ->
                    write(writer -> {
                        RequestChecks.check(command.getDeleteRange());
                        return writer.delete(command.getDeleteRange());
                    });
            case TXN -> write(writer -> txn(writer, command.getTxn()));
            case COMPACTION -> compact(command.getCompaction());
            case LEASE_GRANT -> grant(command.getLeaseGrant());
            case LEASE_REVOKE -> revoke(command.getLeaseRevoke());
            case LEASE_CHECKPOINT -> checkpoint(command.getLeaseCheckpoint());
            case MEMBER_ATTRIBUTES -> member(command.getMemberAttributes(), command.getReads());
            case ALARM -> alarm(command.getAlarm());
            case FEATURE_LEVEL -> raise(command.getFeatureLevel());
            case COMMAND_NOT_SET ->
                    throw new IllegalStateException(
                            "the log holds a command this version doesn't know, so this member can't"
                                    + " go on without parting from the others: upgrade it");
        };
    }

    private interface Write {
        Message run(MvccWriter writer);
    }

    /**
     * Runs something that makes at most one revision. A refusal comes before its first write, or
     * takes back what was written.
     */
    private Message write(Write write) {
        MvccWriter writer = new MvccWriter(draft, state, leases, room());
        draft.mark();
        Message response;
        try {
            response = write.run(writer);
        } catch (EtcdException e) {
            if (writer.count().changes() > 0) {
                draft.rollback();
            }
            throw e;
        }
        answeredBytes += writer.answers().taken();
        Commit commit = writer.commit();
        if (commit != null) {
            rememberedBytes += commit.size();
            count.add(writer.count());
            commits.add(commit);
            state = state.withRevision(commit.revision());
        }
        return response;
    }

    private MvccWriter.Room room() {
        LimitedRoom answers =
                answeredBytes < ANSWERS_BYTES_MAX
                        ? new LimitedRoom(ANSWER_BYTES_MAX, EtcdError.ANSWER_TOO_LARGE)
                        : new LimitedRoom(0, EtcdError.TOO_MANY_REQUESTS);
        return new MvccWriter.Room(answers, REMEMBERED_BYTES_MAX - rememberedBytes);
    }

    private static Message txn(MvccWriter writer, TxnRequest request) {
        // The proposer's own limit on operations was applied there; members may differ in it.
        RequestChecks.check(request, Integer.MAX_VALUE);
        return TxnPlan.write(writer, request);
    }

    private Message compact(CompactionRequest request) {
        if (request.getRevision() <= state.compactRevision()) {
            throw new EtcdException(EtcdError.COMPACTED);
        }
        if (request.getRevision() > state.revision()) {
            throw new EtcdException(EtcdError.FUTURE_REVISION);
        }
        state = state.withCompactRevision(request.getRevision());
        return CompactionResponse.newBuilder().setHeader(header()).build();
    }

    private Message grant(LeaseGrantRequest request) {
        Lease lease = leases.grant(request.getID(), request.getTTL());
        leaseNews.add(listener -> listener.granted(lease));
        return LeaseGrantResponse.newBuilder()
                .setHeader(header())
                .setID(lease.id())
                .setTTL(lease.grantedTtlSeconds())
                .build();
    }

    private Message revoke(LeaseRevokeRequest request) {
        long id = request.getID();
        if (!leases.exists(id)) {
            throw new EtcdException(EtcdError.LEASE_NOT_FOUND);
        }
        return write(writer -> {
            deleteKeys(writer, id);
            leases.revoke(id);
            leaseNews.add(listener -> listener.revoked(id));
            return LeaseRevokeResponse.newBuilder().setHeader(header(writer.revision())).build();
        });
    }

    private void deleteKeys(MvccWriter writer, long lease) {
        List<ByteString> stretch = LeaseBook.stretch(draft, lease, ByteString.EMPTY);
        while (!stretch.isEmpty()) {
            stretch.forEach(key -> writer.delete(key, lease));
            stretch = LeaseBook.stretch(draft, lease, stretch.getLast());
        }
    }

    private Message checkpoint(LeaseCheckpoint checkpoint) {
        checkpoint
                .getLeasesList()
                .forEach(left -> leases.checkpoint(left.getId(), left.getRemainingTtlSeconds()));
        return header();
    }

    private Message member(Member member, int reads) {
        MemberBook before = MemberBook.read(draft);
        before.withAttributes(member, reads).changesSince(before).forEach(draft::add);
        return MemberUpdateResponse.newBuilder().setHeader(header()).addMembers(member).build();
    }

    /** Its answer has no header, as etcd's has none. */
    private Message alarm(AlarmRequest request) {
        AlarmResponse answer =
                AlarmResponse.newBuilder().addAllAlarms(alarms.answer(request)).build();
        if (alarms.isChangedBy(request)) {
            draft.add(alarms.change(request));
            alarms = Alarms.read(draft);
        }
        return answer;
    }

    /** Judged by what members told up to here, which may be less than the leader knew. */
    private Message raise(int asked) {
        int most = FeatureLevel.raised(level, MemberBook.read(draft)).orElse(level);
        if (asked > most) {
            throw new EtcdException(EtcdError.NOT_CAPABLE);
        }
        if (asked > level) {
            level = asked;
            draft.add(FeatureLevel.change(level));
        }
        return header();
    }

    private ResponseHeader header() {
        return header(state.revision());
    }

    private static ResponseHeader header(long revision) {
        return ResponseHeader.newBuilder().setRevision(revision).build();
    }
}
