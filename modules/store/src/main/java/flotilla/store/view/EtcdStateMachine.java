package flotilla.store.view;

import com.google.protobuf.ByteString;
import flotilla.platform.Background;
import flotilla.protocol.HashKVResponse;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.RangeResponse;
import flotilla.protocol.TxnRequest;
import flotilla.protocol.TxnResponse;
import flotilla.raft.log.Entry;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfState;
import flotilla.store.apply.Applied;
import flotilla.store.apply.AppliedState;
import flotilla.store.apply.BatchApplier;
import flotilla.store.apply.ChangeApplied;
import flotilla.store.apply.ChangeApplier;
import flotilla.store.apply.alarm.Alarms;
import flotilla.store.apply.lease.Lease;
import flotilla.store.apply.lease.LeaseBook;
import flotilla.store.apply.lease.LeaseListener;
import flotilla.store.apply.member.MemberBook;
import flotilla.store.apply.member.MemberChange;
import flotilla.store.apply.member.MemberSpace;
import flotilla.store.apply.mvcc.AnswerRoom;
import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.mvcc.MvccReader;
import flotilla.store.apply.mvcc.RangeQuery;
import flotilla.store.apply.mvcc.TxnPlan;
import flotilla.store.apply.refusal.UnreadableEntry;
import flotilla.store.apply.refusal.UnreadableState;
import flotilla.store.apply.session.Sessions;
import flotilla.store.command.CommandBatch;
import flotilla.store.disk.RocksStorage;
import flotilla.store.disk.Storage;
import flotilla.store.log.Membership;
import flotilla.store.log.StateHash;
import flotilla.store.log.StateMachine;
import flotilla.store.watch.WatchHub;
import flotilla.store.watch.WatchLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * etcd's state: keys with their history, leases, member attributes.
 *
 * <p>The methods of {@link StateMachine} belong to the log's one thread. Reads may come from any
 * thread; each sees one applied state, whole, and names its revision in the header, so that a watch
 * from the revision after it misses nothing and repeats nothing. Reads block on the disk at most.
 *
 * <p>An entry becomes visible in this order: one atomic write of its data together with its index;
 * the watch hub; lease listeners; the results. So whoever has a result can read its own write.
 */
public final class EtcdStateMachine implements StateMachine {
    private static final Logger log = LoggerFactory.getLogger(EtcdStateMachine.class);

    /** Watch responses are split above this size where the client allows: 1.5 MiB + 512 KiB. */
    private static final int FRAGMENT_BYTES_MAX = 2 << 20;

    private final Storage storage;
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private final WatchHub watches;
    private final Background.Work watching;
    private final Compactor compactor;
    private final Tally tally = new Tally();
    private final KeyCount keyCount;
    private volatile AppliedState state;
    private Sessions sessions;
    private volatile LeaseListener leaseListener = LeaseListener.NONE;

    /** Takes over a storage, and closes it in the end. */
    public EtcdStateMachine(Storage storage) {
        this(storage, WatchLimits.ofThisJvm(WatchLimits.PER_STREAM, 0), Background.threads());
    }

    /**
     * Takes over a storage, and closes it in the end.
     *
     * @param background where watchers are told and compacted history is deleted
     */
    public EtcdStateMachine(Storage storage, WatchLimits limits, Background background) {
        this.storage = storage;
        this.keyCount = new KeyCount(storage);
        this.state = read(AppliedState::read);
        this.sessions = read(Sessions::read);
        this.watches = new WatchHub(new Past(storage), revision(), FRAGMENT_BYTES_MAX, limits);
        this.watching =
                background.begin(
                        "store-watch",
                        Duration.ZERO,
                        watches::work,
                        cause -> fail("telling watchers", cause));
        watches.onWork(watching::wake);
        this.compactor =
                new Compactor(
                        storage, background, cause -> fail("deleting compacted history", cause));
    }

    /** Opens, or creates, the state in a directory that is its own. */
    public static EtcdStateMachine open(Path directory) throws IOException {
        return open(directory, WatchLimits.ofThisJvm(WatchLimits.PER_STREAM, 0));
    }

    public static EtcdStateMachine open(Path directory, WatchLimits limits) throws IOException {
        RocksStorage storage = RocksStorage.open(directory);
        try {
            return new EtcdStateMachine(storage, limits, Background.threads());
        } catch (RuntimeException e) {
            storage.close();
            if (storage.damage().isCompletedExceptionally()) {
                storage = RocksStorage.open(directory); // Begun anew.
                return new EtcdStateMachine(storage, limits, Background.threads());
            }
            if (e instanceof UnreadableState) {
                throw new IOException("open " + directory + ": " + e.getMessage(), e);
            }
            throw e;
        }
    }

    private void fail(String what, Throwable cause) {
        log.error("{} failed; this member can't go on and must be stopped", what, cause);
        failure.completeExceptionally(cause);
    }

    /**
     * Fails when a background part broke, or a part of the storage can't be read; the member must
     * then be stopped. Never completes.
     */
    public CompletableFuture<Void> failure() {
        return CompletableFuture.anyOf(failure, storage.damage()).thenAccept(_ -> {});
    }

    @Override
    public void begin(SnapshotMark mark, Collection<Membership.Peer> members) {
        if (appliedIndex() != 0) {
            throw new IllegalStateException(
                    "the state of entry " + appliedIndex() + " is not that of a new group");
        }
        MemberBook founded = MemberRoll.founded(mark.members(), members);
        AppliedState begun = state.at(mark.index(), mark.term());
        List<Backend.Change> changes = new ArrayList<>(founded.changesSince(memberBook()));
        changes.add(begun.store().change());
        storage.write(changes);
        state = begun;
    }

    @Override
    public long appliedIndex() {
        return state.store().appliedIndex();
    }

    @Override
    public long appliedTerm() {
        return state.store().appliedTerm();
    }

    @Override
    public List<Applied> apply(long index, long term, CommandBatch batch) {
        AppliedState before = state;
        if (index <= before.store().appliedIndex()) {
            return List.of();
        }
        BatchApplier applier;
        List<Applied> results = new ArrayList<>(batch.getCommandsCount());
        AppliedState after;
        try (Backend.Draft draft = storage.draft()) {
            applier = new BatchApplier(draft, before, index, term);
            if (sessions.admit(draft, batch.getOrigin(), batch.getNumber(), index)) {
                results.addAll(applier.apply(batch));
            }
            after = applier.finish();
            keyCount.during(draft::write, applier.count());
        }
        state = after;
        tally.applied(results, applier.count());
        watches.publish(applier.commits());
        applier.leaseNews().forEach(news -> news.accept(leaseListener));
        if (after.store().compactRevision() != before.store().compactRevision()) {
            compactor.wake();
        }
        return results;
    }

    @Override
    public void skip(long index, long term) {
        AppliedState before = state;
        if (index > before.store().appliedIndex()) {
            AppliedState after = before.at(index, term);
            storage.write(List.of(after.store().change()));
            state = after;
        }
    }

    @Override
    public ChangeApplied applyChange(long index, long term, Entry entry) {
        MemberChange change;
        try {
            change = MemberChange.parse(entry.kind(), entry.data());
        } catch (UnreadableEntry e) {
            throw e.stops(index);
        }
        AppliedState before = state;
        if (index <= before.store().appliedIndex()) {
            return ChangeApplied.before(change);
        }
        AppliedState after = before.at(index, term);
        try (Backend.Draft draft = storage.draft()) {
            ChangeApplied applied = ChangeApplier.apply(draft, change);
            draft.add(after.store().change());
            draft.write();
            state = after;
            return applied;
        }
    }

    @Override
    public SnapshotMark checkpoint(Path directory) throws IOException {
        return storage.checkpoint(directory, MemberRoll::mark);
    }

    @Override
    public void examine(Path directory) throws IOException {
        Examination.of(storage, directory);
    }

    @Override
    public void restore(Path directory) throws IOException {
        examine(directory);
        compactor.betweenSteps(() -> storage.restore(directory));
        state = read(AppliedState::read);
        sessions = read(Sessions::read);
        keyCount.forget();
        watches.jump(revision());
        leaseListener.replaced();
    }

    @Override
    public void lookForDamage() {
        storage.lookForDamage();
    }

    @Override
    public void flush() throws IOException {
        storage.flush();
    }

    /** Ends all background work and closes the storage. Blocks until it is closed. */
    @Override
    public void close() {
        compactor.close();
        watching.close();
        storage.close();
    }

    // Reads

    /** Answers at the applied state; throws {@link EtcdException}. Not checked: the request. */
    public RangeResponse range(RangeRequest request, AnswerRoom room) {
        RangeResponse answer = read(view -> RangeQuery.answer(MvccReader.of(view), request, room));
        tally.answered(answer);
        return answer;
    }

    /** Answers a transaction that only reads, all of it from one state. */
    public TxnResponse txn(TxnRequest request, AnswerRoom room) {
        TxnResponse answer = read(view -> TxnPlan.read(MvccReader.of(view), request, room));
        tally.answered(answer);
        return answer;
    }

    /**
     * etcd's checksum of the history up to a revision, 0 for the newest. Reads everything: takes
     * long on a large store.
     */
    public HashKVResponse hashKv(long revision) {
        return read(view -> KeyHash.answer(view, revision));
    }

    @Override
    public StateHash hashAt(long revision) {
        return read(view -> KeyHash.of(view, revision));
    }

    public long revision() {
        return state.store().revision();
    }

    public Tally tally() {
        return tally;
    }

    /** How many keys there are; the first call reads them all. */
    public long keys() {
        return keyCount.keys();
    }

    /** Reads below it are refused; -1 before the first compaction. */
    public long compactRevision() {
        return state.store().compactRevision();
    }

    /** The alarms that are raised. */
    public Alarms alarms() {
        return state.alarms();
    }

    @Override
    public int level() {
        return state.level();
    }

    /** Completes when all history compacted up to a revision is deleted too. */
    public CompletableFuture<Void> compacted(long revision) {
        return compactor.deleted(revision);
    }

    public long sizeBytes() {
        return storage.sizeBytes();
    }

    public long sizeInUseBytes() {
        return storage.sizeInUseBytes();
    }

    /** Gives space back to the disk; blocks for long on a large store, while all else goes on. */
    public void defragment() throws IOException {
        storage.reclaim();
    }

    @Override
    public MemberBook memberBook() {
        return read(MemberBook::read);
    }

    @Override
    public ConfState confState() {
        return read(MemberSpace::conf);
    }

    @Override
    public List<Membership.Peer> members() {
        return MemberRoll.peers(memberBook());
    }

    @Override
    public boolean removed(long member) {
        return read(view -> MemberSpace.isRemoved(view, member));
    }

    @Override
    public boolean knows(long member) {
        return memberBook().hasTakenPart(member);
    }

    /** All leases, by id. */
    public List<Lease> leases(AnswerRoom room) {
        return read(view -> LeaseBook.all(view, room));
    }

    public Optional<Lease> lease(long id) {
        return read(view -> LeaseBook.find(view, id));
    }

    /** The keys attached to a lease, sorted; none for one that isn't there. */
    public List<ByteString> leaseKeys(long id, AnswerRoom room) {
        return read(view -> LeaseBook.keys(view, id, room));
    }

    /** Whether a key that begins so is attached to a lease. */
    public boolean leaseHolds(long id, ByteString prefix) {
        return read(view -> LeaseBook.holdsPrefix(view, id, prefix));
    }

    /** Who hears of leases from now on; one listener. */
    public void onLeaseChange(LeaseListener listener) {
        leaseListener = listener;
    }

    /** Where watches are opened. */
    public WatchHub watches() {
        return watches;
    }

    /** Answers from one applied state, whole; while it reads no checkpoint can be restored. */
    public <T> T read(Function<Backend.View, T> query) {
        try (Backend.View view = storage.view()) {
            return query.apply(view);
        }
    }
}
