package flotilla.store.raft;

import flotilla.platform.disk.DamagedFile;
import flotilla.store.apply.Applied;
import flotilla.store.apply.Batches;
import flotilla.store.apply.refusal.UnreadableEntry;
import flotilla.store.command.CommandBatch;
import flotilla.store.log.StartPoint;
import flotilla.store.log.StateMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.StateMachineException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.SizeInBytes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our {@link StateMachine} as Ratis wants it. Ratis counts entries from 0, we from 1, so that 0 can
 * mean "nothing applied yet": every index is shifted here and nowhere else.
 *
 * <p>After a restart Ratis hands out all entries since its last snapshot; those that the state
 * machine already holds are passed over. {@code replayed} is how far Ratis has come.
 */
final class RatisStateMachine extends BaseStateMachine {
    private static final Logger LOG = LoggerFactory.getLogger(RatisStateMachine.class);

    private final StateMachine machine;
    private final LogEvents events;
    private final SnapshotShelf shelf = new SnapshotShelf();
    private final AtomicLong snapshots = new AtomicLong();
    private volatile TermIndex replayed = TermIndex.valueOf(0, RaftLog.INVALID_LOG_INDEX);
    private @Nullable SnapshotTrigger trigger;
    private volatile LifeCycle.State state = LifeCycle.State.NEW;

    /** What the log tells the rest of this package. */
    interface LogEvents {
        /** Whether this member proposed the batch. */
        boolean isOwn(CommandBatch batch);

        /** On the apply thread, in log order. */
        void ownBatchApplied(long number, List<Applied> results);

        /** On the apply thread, after each entry, with or without commands. */
        void entryApplied(long index, long term);

        /** The state came from a checkpoint: entries up to the index were not seen one by one. */
        void stateReplaced(long index, long term);

        /** May be called under Ratis' locks. */
        void leaderChanged();

        /** The first entry of this member's own term is being applied. */
        void leaderReady();

        /** May be called under Ratis' locks. */
        void deposed();

        /** Whether the batch may still enter the log; called as the last thing before it does. */
        boolean mayAppend(Submission submission);

        CompletableFuture<Message> peerAsks(Message request);

        /** Nothing is written or applied any more. */
        void stopped(Throwable cause);
    }

    RatisStateMachine(StateMachine machine, LogEvents events) {
        this.machine = machine;
        this.events = events;
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId group, RaftStorage storage)
            throws IOException {
        super.initialize(server, group, storage);
        shelf.init(storage);
        Path current = storage.getStorageDir().getCurrentDir().toPath();
        LogFiles log = LogFiles.read(current, entryBytesMax(server.getProperties()));
        refuseForgottenTerm(storage, Math.max(log.lastTerm(), machine.appliedTerm()));
        begin(current, log);
        trigger = new SnapshotTrigger(server, group);
        SnapshotInfo newest = shelf.getLatestSnapshot();
        if (newest != null) {
            replayed = newest.getTermIndex();
        }
        state = LifeCycle.State.RUNNING;
    }

    /** Whoever votes by an old term may vote twice in one. */
    private static void refuseForgottenTerm(RaftStorage storage, long seen) throws IOException {
        long term = storage.getMetadataFile().getMetadata().getTerm();
        if (term < seen) {
            throw new DamagedFile(
                    storage.getStorageDir().getCurrentDir().toPath().resolve("raft-meta"),
                    "it says term %d, but there are entries of term %d".formatted(term, seen),
                    LogFiles.WAY_BACK);
        }
    }

    /** Brings the state to where the log can take it on from. */
    private void begin(Path current, LogFiles log) throws IOException {
        StartPoint.Found found =
                new StartPoint.Found(
                        machine.appliedIndex(), log.first(), log.last(), shelf.indexes());
        switch (StartPoint.of(found)) {
            case StartPoint.Continue() -> {}
            case StartPoint.Restore(List<Long> checkpoints, boolean stateToo) -> {
                if (!restored(checkpoints) && !stateToo) {
                    throw refused(current, StartPoint.unreached(found).why());
                }
            }
            case StartPoint.Refuse(String why) -> throw refused(current, why);
        }
        if (machine.appliedIndex() > 0 && !log.reachesBackTo(shelf.newest())) {
            LOG.warn("no checkpoint before the log's first entry: taking one of the state");
            putCheckpoint(TermIndex.valueOf(machine.appliedTerm(), machine.appliedIndex() - 1));
        }
    }

    /** As Ratis itself reads its log. */
    static SizeInBytes entryBytesMax(RaftProperties properties) {
        return RaftServerConfigKeys.Log.Appender.bufferByteLimit(properties);
    }

    private static DamagedFile refused(Path current, String why) {
        return new DamagedFile(
                current,
                why,
                "put the log's files back from a copy, or, where the log begins too late, another"
                        + " member's newest checkpoint beside this one's. Without either this member"
                        + " stays out, and the others go on");
    }

    /**
     * Restores the first checkpoint that is sound, and drops those that are not. False when none
     * is: then all are left where they are, for somebody to look at.
     */
    private boolean restored(List<Long> checkpoints) throws IOException {
        List<Long> damaged = new ArrayList<>();
        for (long index : checkpoints) {
            try {
                LOG.warn("making the state anew from {}", shelf.path(index));
                machine.restore(shelf.path(index));
                for (long dropped : damaged) {
                    shelf.drop(dropped);
                }
                return true;
            } catch (DamagedFile e) {
                LOG.warn("{}", e.getMessage());
                damaged.add(index);
            }
        }
        return false;
    }

    @Override
    public TransactionContext startTransaction(RaftClientRequest request) throws IOException {
        if (!(request.getMessage() instanceof Submission submission)) {
            throw new StateMachineException("only members write to this log", false);
        }
        return TransactionContext.newBuilder()
                .setStateMachine(this)
                .setClientRequest(request)
                .setStateMachineContext(submission)
                .build();
    }

    @Override
    public TransactionContext preAppendTransaction(TransactionContext transaction)
            throws IOException {
        if (transaction.getStateMachineContext() instanceof Submission submission) {
            // Ratis holds the lock under which terms change: the entry gets the term seen here.
            if (!events.mayAppend(submission)) {
                throw new StateMachineException(
                        "the batch was meant for term " + submission.term(), false);
            }
            submission.markAppended();
        }
        return transaction;
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        long index = entry.getIndex() + 1;
        long term = entry.getTerm();
        try {
            if (index > machine.appliedIndex()) {
                CommandBatch batch = batch(transaction, entry);
                List<Applied> results = machine.apply(index, term, batch);
                replayed = TermIndex.valueOf(term, entry.getIndex());
                if (events.isOwn(batch)) {
                    events.ownBatchApplied(batch.getNumber(), results);
                }
                if (trigger != null) {
                    trigger.applied(entry.getStateMachineLogEntry().getLogData().size());
                }
            } else {
                replayed = TermIndex.valueOf(term, entry.getIndex());
            }
            events.entryApplied(index, term);
            return CompletableFuture.completedFuture(Message.EMPTY);
        } catch (RuntimeException e) {
            // Going on without this entry would make this member differ from the others.
            LOG.error("cannot apply log entry {} of term {}: this member stops", index, term, e);
            throw new IllegalStateException("apply log entry " + index, e);
        }
    }

    private static CommandBatch batch(TransactionContext transaction, LogEntryProto entry) {
        if (transaction.getStateMachineContext() instanceof Submission submission) {
            CommandBatch batch = submission.batch();
            if (batch != null) {
                return batch;
            }
        }
        try {
            return Batches.parse(
                    entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer());
        } catch (UnreadableEntry e) {
            throw e.stops(entry.getIndex() + 1);
        }
    }

    @Override
    public void notifyTermIndexUpdated(long term, long raftIndex) {
        long index = raftIndex + 1;
        if (index > machine.appliedIndex()) {
            machine.skip(index, term);
        }
        replayed = TermIndex.valueOf(term, raftIndex);
        events.entryApplied(index, term);
    }

    @Override
    public TermIndex getLastAppliedTermIndex() {
        return replayed;
    }

    /** Index, counted from 1, up to which the state is that of the log. */
    long appliedIndex() {
        return replayed.getIndex() + 1;
    }

    long snapshots() {
        return snapshots.get();
    }

    @Override
    public long takeSnapshot() throws IOException {
        TermIndex at = replayed;
        if (at.getIndex() + 1 != machine.appliedIndex()) {
            // Still replaying what the state machine holds: its state is ahead of the index.
            return RaftLog.INVALID_LOG_INDEX;
        }
        putCheckpoint(at);
        if (trigger != null) {
            trigger.taken(at.getIndex());
        }
        return at.getIndex();
    }

    private void putCheckpoint(TermIndex at) throws IOException {
        machine.flush();
        shelf.put(at, directory -> machine.checkpoint(directory));
        snapshots.incrementAndGet();
    }

    @Override
    public @Nullable SnapshotInfo getLatestSnapshot() {
        return shelf.getLatestSnapshot();
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return shelf;
    }

    @Override
    public LifeCycle.State getLifeCycleState() {
        return state;
    }

    /**
     * Before Ratis puts a received checkpoint on the shelf and asks its apply thread to {@link
     * #reinitialize}; after it the log is purged. Ratis would lose a second such wish that comes
     * while the first is being fulfilled, and for ever wait for entries that it purged: refused, a
     * checkpoint is sent again.
     */
    @Override
    public void pause() {
        if (state == LifeCycle.State.PAUSED) {
            throw new IllegalStateException(
                    "the checkpoint received before is still being taken over; if this goes on,"
                            + " restart this member");
        }
        try {
            shelf.syncReceived();
        } catch (IOException e) {
            throw new UncheckedIOException("sync a received checkpoint", e);
        }
        state = LifeCycle.State.PAUSED;
    }

    @Override
    public void reinitialize() throws IOException {
        shelf.rescan();
        SnapshotInfo newest = shelf.getLatestSnapshot();
        if (newest == null) {
            throw new IOException("a snapshot was installed, but none is there");
        }
        LOG.info("installing the leader's state from {}", shelf.latestPath());
        machine.restore(shelf.latestPath());
        replayed = newest.getTermIndex();
        state = LifeCycle.State.RUNNING;
        events.stateReplaced(newest.getIndex() + 1, newest.getTerm());
    }

    @Override
    public CompletableFuture<Message> queryStale(Message request, long minIndex) {
        return events.peerAsks(request);
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
        events.leaderChanged();
    }

    @Override
    public void notifyLeaderReady() {
        events.leaderReady();
    }

    @Override
    public void notifyNotLeader(Collection<TransactionContext> pending) {
        events.deposed();
    }

    @Override
    public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto failedEntry) {
        events.stopped(cause);
    }

    /** Also by Ratis itself, when it can't go on. */
    @Override
    public void close() {
        state = LifeCycle.State.CLOSED;
        events.stopped(new IllegalStateException("Ratis has closed its part of the member"));
    }
}
