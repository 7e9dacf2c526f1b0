package flotilla.store.log.driver;

import com.google.protobuf.ByteString;
import flotilla.platform.Mailbox;
import flotilla.raft.Input;
import flotilla.raft.Raft;
import flotilla.raft.Standing;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfChange;
import flotilla.store.apply.Applied;
import flotilla.store.apply.member.Wish;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.command.Command;
import flotilla.store.log.Membership;
import flotilla.store.log.OtherStates;
import flotilla.store.log.RaftMetrics;
import flotilla.store.log.RaftStatus;
import flotilla.store.log.ReplicatedLog;
import flotilla.store.log.StateMachine;
import flotilla.store.log.Transport;
import flotilla.store.log.wal.Wal;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link ReplicatedLog} on the consensus core of our own: wires what stands around the core's loop.
 * A put passes the caller's thread, the loop, the log's writer and the applier; on a follower the
 * loop and the writer.
 */
public final class RaftLog implements ReplicatedLog {
    private static final Logger LOG = LoggerFactory.getLogger(RaftLog.class);

    /** How long a member goes on after it has applied its own removal, as etcd's. */
    private static final long REMOVED_NANOS = 1_000_000_000;

    private final MemberParts parts;
    private final Workers workers;
    private final Loop loop;
    private final Wal wal;
    private final Steps steps;
    private final Ticks ticks;
    private final LogWriter writer;
    private final Transport transport;
    private final LeaderRoute route;
    private final Proposer proposer;
    private final ReadRounds reads;
    private final Leadership leadership;
    private final Handovers handovers;
    private final LeaderQuestions questions;
    private final MemberChanges changes;
    private final SnapshotKeeper snapshots;
    private final Carrier carrier;
    private final CompletableFuture<Void> admitted = new CompletableFuture<>();
    private final AtomicLong leaderChanges = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private volatile Standing standing;
    private volatile long applied;
    private volatile boolean learner;

    /**
     * Opens what is on the disk and begins to take part; what was acknowledged before a restart is
     * there again. Blocks on the disk; does not wait for a leader. The machine and the threads stay
     * the caller's to close, after this.
     *
     * <p>A member without a log asks the others whether they know it, and takes no part before they
     * have answered, or a second has passed.
     *
     * @throws IOException if the disk can't be used, something on it is damaged, or the address
     *     can't be bound
     */
    public static RaftLog open(MemberParts parts, Workers workers, Ties around) throws IOException {
        Beginning.Found found = new Beginning(parts).find();
        try {
            Inbound inbound = new Inbound(workers, parts.shelf(), parts.machine());
            Transport transport = around.connector().open(inbound);
            RaftLog log = new RaftLog(parts, workers, new Start(found, transport, around.desk()));
            log.begin(inbound, found.fresh(), around.admission());
            return log;
        } catch (IOException | RuntimeException e) {
            found.opened().wal().close();
            throw e;
        }
    }

    /** What a member starts with. */
    private record Start(Beginning.Found found, Transport transport, LeaderDesk desk) {}

    private RaftLog(MemberParts parts, Workers workers, Start start) {
        this.parts = parts;
        this.loop = workers.core();
        this.workers = workers;
        this.wal = start.found().opened().wal();
        this.transport = start.transport();
        this.applied = parts.machine().appliedIndex();
        LiveLog live = start.found().live();
        MemberParts.Times times = parts.times();
        Requests requests =
                new Requests(parts.origin(), times.request().toNanos(), parts.machine()::level);
        Leader leader = new Leader(parts.self(), this::leader);

        Raft raft = new Raft(parts.core(), start.found().restored(), live);
        this.standing = raft.status().standing();
        this.steps = new Steps(raft, loop, this::failed);
        this.ticks = new Ticks(loop, steps, times.tick().toNanos());
        this.writer =
                new LogWriter(
                        wal,
                        workers.disk(),
                        loop.clock()::nanos,
                        new LogWriter.Listener(
                                writes -> loop.execute(() -> written(writes)), this::failed));
        this.leadership = new Leadership(start.desk(), new Mailbox(workers.replies()));
        this.route = new LeaderRoute(leader, steps, transport, loop);
        this.proposer = new Proposer(requests, loop, route, workers.replies());
        this.reads =
                new ReadRounds(
                        requests, loop, id -> steps.give(new Input.Read(id)), workers.replies());
        this.handovers = new Handovers(steps, loop, times.election().multipliedBy(2).toNanos());
        this.questions =
                new LeaderQuestions(
                        new LeaderQuestions.Leaders(leadership, start.desk(), this::leader),
                        transport,
                        loop);
        this.changes =
                new MemberChanges(
                        new MemberChanges.View(steps, leader, parts.machine()::memberBook),
                        requests,
                        transport,
                        workers);
        this.snapshots =
                new SnapshotKeeper(
                        new SnapshotKeeper.Tools(
                                steps, live, writer, parts.shelf(), transport, workers),
                        times.snapshotEntries(),
                        start.found().newest(),
                        this::failed);
        this.carrier =
                new Carrier(steps, hands(live), start.found().opened().state(), this::stands);
    }

    /** Who carries out what the core says. */
    private Carrier.Hands hands(LiveLog live) {
        Appends appends =
                new Appends(
                        new Appends.Log(live, wal.entries()),
                        new Appends.Way(transport, this::leads),
                        new Appends.Threads(loop, workers.readers()),
                        this::failed);
        Applier applier =
                new Applier(
                        new Applier.Work(parts.machine(), wal.entries(), parts.reads()),
                        new Applier.Callers(proposer, changes),
                        workers.apply(),
                        new Progress());
        return new Carrier.Hands(live, writer, appends, applier, reads, snapshots, parts.shelf());
    }

    private void begin(Inbound inbound, boolean fresh, Ties.Admission admission) {
        settle();
        PeerDesk desk =
                new PeerDesk(
                        loop,
                        new PeerDesk.Own(route::propose, changes::asked, questions::asLeader));
        CompletableFuture<Void> _ = inbound.removed().thenAccept(_ -> failed(new RemovedMember()));
        CompletableFuture<Void> asked =
                fresh
                        ? new Newcomer(parts.membership(), transport, loop).admitted()
                        : admission.admitted(otherStates());
        CompletableFuture<Void> _ =
                asked.whenComplete((_, refusal) -> {
                    if (refusal != null) {
                        failed(refusal);
                        admitted.completeExceptionally(refusal);
                        return;
                    }
                    admitted.complete(null);
                    // Once it speaks others know it: from then on an empty log must not be
                    // asked
                    // for.
                    writer.run(log -> {
                        log.begin();
                        inbound.open(new Inbound.Receivers(steps, desk));
                        loop.execute(() -> start(fresh));
                    });
                });
    }

    private void start(boolean fresh) {
        reads.applied(applied);
        steps.begin(carrier::carry);
        ticks.begin();
        new FirstElection(
                        loop,
                        new Leader(parts.self(), this::leader),
                        parts.machine().confState().voters(),
                        member -> transport.reachedSince(member).isPresent())
                .begin(fresh, parts.times().tick().toNanos(), this::letATimeoutPass);
    }

    private void letATimeoutPass() {
        for (int i = 0; i < 2 * parts.core().timing().electionTicks(); i++) {
            steps.give(new Input.Tick());
        }
    }

    /** With the members as the state has them, or, as long as it has none, as bootstrap does. */
    private void settle() {
        List<Membership.Peer> known = parts.machine().members();
        transport.members(known.isEmpty() ? parts.membership().members() : known);
        learner = parts.machine().confState().learners().contains(parts.self());
    }

    private void written(List<LogWriter.Write> writes) {
        carrier.written(writes);
    }

    private void stands(Standing now) {
        Standing before = standing;
        standing = now;
        leadership.stands(now);
        handovers.stands(now);
        if (before.leader() != now.leader()) {
            leaderChanges.incrementAndGet();
            proposer.leaderChanged();
        }
    }

    private long leader() {
        return standing.leader();
    }

    private boolean leads(long term) {
        return standing.term() == term && standing.kind() == Standing.Kind.LEADER;
    }

    private void failed(Throwable cause) {
        if (!closed.get() && failure.completeExceptionally(cause)) {
            LOG.error("the log in {} has stopped", wal.place(), cause);
            loop.execute(this::end);
        }
    }

    private void end() {
        steps.end();
        ticks.end();
        proposer.close();
        reads.close();
        handovers.close();
        questions.close();
        changes.close();
    }

    /** Completes when nobody has anything against this member's taking part; fails otherwise. */
    public CompletableFuture<Void> admitted() {
        return admitted.copy();
    }

    /** What the other members say of their states. */
    public OtherStates otherStates() {
        return new HashQuestions(parts, transport);
    }

    /** Fails when this member can't go on and must be stopped; never completes otherwise. */
    public CompletableFuture<Void> failure() {
        return failure.copy();
    }

    @Override
    public CompletableFuture<Applied> propose(Command command) {
        return proposer.propose(command);
    }

    @Override
    public CompletableFuture<Void> readBarrier() {
        return reads.read();
    }

    @Override
    public CompletableFuture<ByteString> askLeader(ByteString question) {
        return questions.ask(question, loop.clock().nanos() + parts.times().request().toNanos());
    }

    @Override
    public CompletableFuture<Applied> changeMembers(Wish wish) {
        return changes.change(wish);
    }

    @Override
    public CompletableFuture<Void> transferLeadership(long memberId) {
        if (leadership.ledTerm() == 0) {
            return CompletableFuture.failedFuture(new EtcdException(EtcdError.NOT_LEADER));
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (memberId == parts.self()) {
            done.complete(null);
        } else {
            loop.execute(() -> handovers.to(memberId, done));
        }
        return done;
    }

    @Override
    public RaftStatus status() {
        Standing now = standing;
        return new RaftStatus(
                parts.self(),
                now.leader(),
                now.term(),
                Math.max(carrier.commit(), applied),
                applied,
                learner);
    }

    /** This member's counters just now. */
    public RaftMetrics metrics() {
        return new RaftMetrics(
                leaderChanges.get(),
                carrier.commit(),
                applied,
                proposer.pending(),
                proposer.failed(),
                snapshots.taken(),
                writer.fsyncs().durations(),
                transport.traffic());
    }

    /** Stops taking part. Commands still open end with STOPPED: their fate is unknown. Blocks. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        transport.close();
        CompletableFuture.runAsync(this::end, loop).join();
        // What was handed to the writer before is written; nothing is handed to it any more.
        CompletableFuture.runAsync(this::closeWal, workers.disk()).join();
        CompletableFuture.runAsync(() -> {}, workers.apply()).join();
    }

    private void closeWal() {
        try {
            wal.close();
        } catch (IOException e) {
            LOG.warn("close the log in {}: {}", wal.place(), e.getMessage());
        }
    }

    /** How far the state machine has come, told to whoever waits for it. */
    private final class Progress implements Applier.Listener {
        private final StateMachine machine = parts.machine();

        @Override
        public void applied(long index, long term, long bytes) {
            applied = index;
            loop.execute(() -> {
                steps.give(new Input.Applied(index));
                leadership.applied(term);
                reads.applied(index);
                proposer.progressed();
                snapshots.applied(index, bytes);
            });
        }

        @Override
        public void changed(long index, ConfChange change) {
            loop.execute(() -> steps.give(new Input.ChangeApplied(index, change)));
            settle();
            if (machine.removed(parts.self())) {
                // Who asked here for it has yet to hear the answer; those who stay don't need it.
                loop.execute(() ->
                        loop.after(REMOVED_NANOS, () -> RaftLog.this.failed(new RemovedMember())));
            }
        }

        @Override
        public void restored(SnapshotMark mark) {
            applied = mark.index();
            loop.execute(() -> {
                steps.give(new Input.Applied(mark.index()));
                leadership.applied(mark.term());
                reads.applied(mark.index());
                proposer.stateReplaced();
                snapshots.restored(mark);
            });
            settle();
        }

        @Override
        public void failed(Throwable cause) {
            RaftLog.this.failed(cause);
        }
    }
}
