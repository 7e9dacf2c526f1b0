package flotilla.store.raft;

import com.google.protobuf.ByteString;
import flotilla.platform.Clock;
import flotilla.platform.Mailbox;
import flotilla.platform.Recurring;
import flotilla.store.apply.Applied;
import flotilla.store.apply.member.Wish;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.command.Command;
import flotilla.store.command.CommandBatch;
import flotilla.store.log.LogConfig;
import flotilla.store.log.Membership;
import flotilla.store.log.RaftMetrics;
import flotilla.store.log.RaftStatus;
import flotilla.store.log.ReplicatedLog;
import flotilla.store.log.StateMachine;
import flotilla.store.peer.PeerReply;
import flotilla.store.peer.PeerRequest;
import flotilla.store.peer.ReadIndexRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.util.ExitUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link ReplicatedLog} on Apache Ratis: one Raft group over Ratis' gRPC transport. Writes go
 * through {@link Proposer}, linearizable reads through {@link ReadBarrier} and {@link ReadGate}.
 *
 * <p>An acknowledged write was fsynced by a majority: Ratis answers an append after its log's
 * fsync, and an entry is applied only when committed.
 */
public final class RatisLog implements ReplicatedLog {
    private static final Logger LOG = LoggerFactory.getLogger(RatisLog.class);

    /** How often it is looked whether a thread of Ratis has failed. */
    private static final long WATCH_SECONDS = 1;

    /** Pause before a leader that was not there is asked again. */
    private static final long ASK_AGAIN_MILLIS = 20;

    private final long self;
    private final Membership membership;
    private final LogConfig config;
    private final LeaderDesk desk;
    private final ScheduledExecutorService timer;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Executor later =
            CompletableFuture.delayedExecutor(ASK_AGAIN_MILLIS, TimeUnit.MILLISECONDS, threads);
    private final Leadership leadership;
    private final AppliedIndex applied;
    private final QuorumAcks acks;
    private final AtomicLong leaderChanges = new AtomicLong();
    private final RatisStateMachine adapter;
    private final PeerCalls peers;
    private final RaftServer server;
    private final RaftServer.Division division;
    private final LeaderRoute route;
    private final Proposer proposer;
    private final ReadGate gate;
    private final ReadBarrier barrier;
    private final PeerDesk peerDesk;
    private final Handover handover;
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private volatile boolean closed;

    static {
        // Else a port that is taken, or a thread that fails, ends the whole process at once.
        ExitUtils.disableSystemExit();
    }

    private RatisLog(LogConfig config, Membership membership, StateMachine machine, LeaderDesk desk)
            throws IOException {
        this.self = membership.self();
        this.membership = membership;
        this.config = config;
        this.desk = desk;
        this.timer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("raft-timer").factory());
        this.leadership = new Leadership(desk, new Mailbox(threads));
        this.applied = new AppliedIndex(threads);
        this.acks = new QuorumAcks(membership.members().size());
        this.adapter = new RatisStateMachine(machine, new Events());

        RaftGroup group = RatisSettings.group(membership);
        RaftProperties properties = RatisSettings.properties(config);
        Parameters parameters = AckedRpcType.parameters(acks, config.heartbeat().toMillis());
        Files.createDirectories(config.directory());
        this.server =
                RaftServer.newBuilder()
                        .setServerId(RatisSettings.peerId(self))
                        .setGroup(group)
                        .setProperties(properties)
                        .setParameters(parameters)
                        .setOption(RatisSettings.startup(config, group))
                        .setStateMachine(adapter)
                        .build();
        this.division = server.getDivision(group.getGroupId());
        this.peers = new PeerCalls(group, properties, parameters);
        this.route = new LeaderRoute(self, division, peers, threads);

        Clock clock = Clock.system();
        Timing request = new Timing(clock, config.requestTimeout().toNanos(), timer);
        // By two elections a leader that gets no answers has stepped down.
        Timing round = new Timing(clock, config.election().multipliedBy(2).toNanos(), timer);
        this.proposer = new Proposer(Origin.since(clock.now(), self), request, route, threads);
        this.gate =
                new ReadGate(
                        acks,
                        leadership,
                        () -> division.getRaftLog().getLastCommittedIndex() + 1,
                        round);
        this.barrier = new ReadBarrier(this::leaderReadIndex, applied, request, threads);
        this.peerDesk = new PeerDesk(route, gate, this::asLeader, machine::knows);
        this.handover = new Handover(server, division, threads);
    }

    /**
     * Opens the log and starts to take part in the cluster; what was acknowledged before a restart
     * is there again. Returns at once, before there is a leader. The state machine stays the
     * caller's to close, after the log.
     *
     * <p>A member without a log first asks the others, a second at most, whether they know it.
     *
     * @param machine changed by the log's thread only from here on
     * @throws IOException if the directory can't be used, the address can't be bound, or this
     *     member took part before and lost its log
     */
    public static RatisLog open(
            LogConfig config, Membership membership, StateMachine machine, LeaderDesk desk)
            throws IOException {
        ExitUtils.clear(); // Of a member that was here before.
        FreshMember.refuseIfKnown(config, membership);
        PeersFile.dropIfDamaged(config, membership);
        RatisLog log = new RatisLog(config, membership, machine, desk);
        try {
            log.server.start();
            Future<?> _ =
                    log.timer.scheduleWithFixedDelay(
                            new Recurring("watching the log's threads", log::watchThreads),
                            WATCH_SECONDS,
                            WATCH_SECONDS,
                            TimeUnit.SECONDS);
            return log;
        } catch (IOException | RuntimeException e) {
            try {
                log.close();
            } catch (RuntimeException alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
            ExitUtils.clear();
            throw LogFiles.explain(config, membership, e);
        }
    }

    /** A thread of Ratis that ends in an error would end the process: this member ends instead. */
    private void watchThreads() {
        if (ExitUtils.isTerminated()) {
            failed(ExitUtils.getFirstExitException());
        }
    }

    private void failed(Throwable cause) {
        IOException ended = new IOException(words(cause), cause);
        if (!closed && failure.completeExceptionally(ended)) {
            LOG.error("{}", ended.getMessage());
        }
    }

    /** The last of the causes says what it was: those before it tell of Ratis' insides. */
    private String words(Throwable cause) {
        Throwable last = cause;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        return "the log in %s has stopped (%s): %sstart this member again"
                .formatted(
                        config.directory(),
                        last.getMessage() == null ? last : last.getMessage(),
                        last instanceof IOException ? "free or replace its disk, then " : "");
    }

    /** Fails when the log broke and this member must be stopped; never completes otherwise. */
    public CompletableFuture<Void> failure() {
        return failure.copy();
    }

    @Override
    public CompletableFuture<Applied> propose(Command command) {
        return proposer.propose(command);
    }

    @Override
    public CompletableFuture<Void> readBarrier() {
        return barrier.read();
    }

    /** One question to whoever leads now; fails if there is no leader or it can't tell. */
    private CompletableFuture<Long> leaderReadIndex() {
        if (leadership.ledTerm() != 0) {
            return gate.readIndex();
        }
        return route.ask(
                        PeerRequest.newBuilder()
                                .setReadIndex(ReadIndexRequest.getDefaultInstance())
                                .build())
                .thenApply(PeerReply::getReadIndex);
    }

    @Override
    public CompletableFuture<ByteString> askLeader(ByteString question) {
        return askLeader(question, System.nanoTime() + config.requestTimeout().toNanos());
    }

    /** Asks again while there is no leader, or one that is not ready yet: such questions may be. */
    private CompletableFuture<ByteString> askLeader(ByteString question, long deadlineNanos) {
        CompletableFuture<ByteString> answer =
                leadership.ledTerm() != 0
                        ? asLeader(question)
                        : route.ask(PeerRequest.newBuilder().setQuestion(question).build())
                                .thenApplyAsync(PeerReply::getAnswer, threads);
        return answer.exceptionallyCompose(problem -> {
            boolean again = isNoLeader(problem) && System.nanoTime() - deadlineNanos < 0;
            return again && !closed
                    ? CompletableFuture.runAsync(() -> {}, later)
                            .thenCompose(_ -> askLeader(question, deadlineNanos))
                    : CompletableFuture.failedFuture(problem);
        });
    }

    private CompletableFuture<ByteString> asLeader(ByteString question) {
        return leadership.ledTerm() == 0 ? failed(EtcdError.NOT_LEADER) : desk.answer(question);
    }

    private static boolean isNoLeader(Throwable problem) {
        Throwable cause = problem instanceof CompletionException ? problem.getCause() : problem;
        return cause instanceof EtcdException refusal
                && (refusal.error() == EtcdError.NO_LEADER
                        || refusal.error() == EtcdError.NOT_LEADER);
    }

    @Override
    public CompletableFuture<Applied> changeMembers(Wish wish) {
        return failed(EtcdError.UNHEALTHY);
    }

    @Override
    public CompletableFuture<Void> transferLeadership(long memberId) {
        if (leadership.ledTerm() == 0) {
            return failed(EtcdError.NOT_LEADER);
        }
        if (membership.members().stream().noneMatch(member -> member.id() == memberId)) {
            return failed(EtcdError.BAD_LEADER_TRANSFEREE);
        }
        if (memberId == self) {
            return CompletableFuture.completedFuture(null);
        }
        return handover.to(memberId, config.election().multipliedBy(2));
    }

    @Override
    public RaftStatus status() {
        RaftPeerId leader = division.getInfo().getLeaderId();
        return new RaftStatus(
                self,
                leader == null ? 0 : RatisSettings.memberId(leader),
                division.getInfo().getCurrentTerm(),
                division.getRaftLog().getLastCommittedIndex() + 1,
                adapter.appliedIndex());
    }

    /** This member's counters just now. */
    public RaftMetrics metrics() {
        return new RaftMetrics(
                leaderChanges.get(),
                division.getRaftLog().getLastCommittedIndex() + 1,
                adapter.appliedIndex(),
                proposer.pending(),
                proposer.failed(),
                adapter.snapshots(),
                RatisCounters.fsyncs(division.getMemberId()).durations());
    }

    /** Stops taking part. Commands still open end with STOPPED: their fate is unknown. Blocks. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        route.close();
        proposer.close();
        barrier.close();
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException("close the log in " + config.directory(), e);
        } finally {
            peers.close();
            timer.shutdownNow();
            threads.shutdown();
        }
    }

    private static <T> CompletableFuture<T> failed(EtcdError error) {
        return CompletableFuture.failedFuture(new EtcdException(error));
    }

    /** What Ratis tells, handed on. Its threads and locks end here. */
    private final class Events implements RatisStateMachine.LogEvents {
        private final Mailbox inLogOrder = new Mailbox(threads);
        private long term;
        private boolean readyPending;

        @Override
        public boolean isOwn(CommandBatch batch) {
            return batch.getOrigin() == self;
        }

        @Override
        public void ownBatchApplied(long number, List<Applied> results) {
            proposer.applied(number, results);
        }

        @Override
        public void entryApplied(long index, long entryTerm) {
            applied.advance(index);
            if (entryTerm != term) {
                term = entryTerm;
                inLogOrder.execute(() -> proposer.termApplied(entryTerm));
            }
            if (readyPending) {
                readyPending = false;
                leadership.ready(term);
            }
            if (leadership.ledTerm() == term && division.getRaftLog().getNextIndex() == index) {
                acks.wake();
            }
        }

        @Override
        public void stateReplaced(long index, long entryTerm) {
            applied.advance(index);
            term = entryTerm;
            inLogOrder.execute(() -> proposer.stateReplaced(entryTerm));
        }

        @Override
        public void leaderChanged() {
            leaderChanges.incrementAndGet();
            threads.execute(() -> {
                proposer.leaderChanged();
                barrier.leaderChanged();
            });
        }

        /** On the apply thread, before or after the entry is told of. */
        @Override
        public void leaderReady() {
            long current = division.getInfo().getCurrentTerm();
            if (term == current) {
                leadership.ready(current);
            } else {
                readyPending = true;
            }
        }

        @Override
        public void deposed() {
            leadership.deposed(division.getInfo().getCurrentTerm());
            threads.execute(gate::deposed);
        }

        @Override
        public boolean mayAppend(Submission submission) {
            return division.getInfo().getCurrentTerm() == submission.term();
        }

        @Override
        public CompletableFuture<Message> peerAsks(Message request) {
            return peerDesk.answer(request);
        }

        @Override
        public void stopped(Throwable cause) {
            failed(cause);
        }
    }
}
