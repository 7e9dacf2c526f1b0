package flotilla.store.raft;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import flotilla.platform.Clock;
import flotilla.store.Applied;
import flotilla.store.EtcdError;
import flotilla.store.EtcdException;
import flotilla.store.StateMachine;
import flotilla.store.command.Command;
import flotilla.store.command.CommandBatch;
import flotilla.store.peer.PeerReply;
import flotilla.store.peer.PeerReply.Outcome;
import flotilla.store.peer.PeerRequest;
import flotilla.store.peer.ReadIndexRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage.StartupOption;

/**
 * {@link ReplicatedLog} on Apache Ratis: one Raft group over Ratis' gRPC transport. Writes go
 * through {@link Proposer}, linearizable reads through {@link ReadBarrier} and {@link ReadGate}.
 *
 * <p>An acknowledged write was fsynced by a majority: Ratis answers an append after its log's
 * fsync, and an entry is applied only when committed.
 */
public final class RatisLog implements ReplicatedLog {
    private final long self;
    private final Membership membership;
    private final RaftConfig config;
    private final LeaderDesk desk;
    private final ScheduledExecutorService timer;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
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
    private volatile boolean closed;

    private RatisLog(
            RaftConfig config,
            Membership membership,
            StateMachine machine,
            LeaderDesk desk,
            LeadershipListener listener)
            throws IOException {
        this.self = membership.self();
        this.membership = membership;
        this.config = config;
        this.desk = desk;
        this.timer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("raft-timer").factory());
        this.leadership = new Leadership(listener, new Mailbox(threads));
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
                        .setOption(startupOption(config, group))
                        .setStateMachine(adapter)
                        .build();
        this.division = server.getDivision(group.getGroupId());
        this.peers = new PeerCalls(group, properties, parameters);
        this.route = new LeaderRoute(self, division, peers, threads);

        Clock clock = Clock.system();
        long requestNanos = config.requestTimeout().toNanos();
        long roundNanos = config.election().multipliedBy(2).toNanos();
        // A number of an earlier run may still come back from the log: start above all of them.
        long firstNumber = clock.now().toEpochMilli() << 20;
        this.proposer =
                new Proposer(
                        self,
                        firstNumber,
                        requestNanos,
                        clock,
                        new Proposer.Links(route, threads, timer));
        this.gate =
                new ReadGate(
                        acks,
                        leadership,
                        () -> division.getRaftLog().getLastCommittedIndex() + 1,
                        new ReadGate.Timing(clock, roundNanos, timer));
        this.barrier =
                new ReadBarrier(
                        this::leaderReadIndex,
                        applied,
                        new ReadGate.Timing(clock, requestNanos, timer),
                        threads);
    }

    /**
     * Opens the log and starts to take part in the cluster; what was acknowledged before a restart
     * is there again. Returns at once, before there is a leader. The state machine stays the
     * caller's to close, after the log.
     *
     * @param machine changed by the log's thread only from here on
     * @throws IOException if the directory can't be used or the address can't be bound
     */
    public static RatisLog open(
            RaftConfig config,
            Membership membership,
            StateMachine machine,
            LeaderDesk desk,
            LeadershipListener listener)
            throws IOException {
        RatisLog log = new RatisLog(config, membership, machine, desk, listener);
        log.server.start();
        return log;
    }

    private static StartupOption startupOption(RaftConfig config, RaftGroup group) {
        boolean formatted =
                Files.exists(
                        config.directory()
                                .resolve(group.getGroupId().getUuid().toString())
                                .resolve("current")
                                .resolve("raft-meta"));
        return formatted ? StartupOption.RECOVER : StartupOption.FORMAT;
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
        return askPeer(
                        PeerRequest.newBuilder()
                                .setReadIndex(ReadIndexRequest.getDefaultInstance())
                                .build())
                .thenApply(PeerReply::getReadIndex);
    }

    @Override
    public CompletableFuture<ByteString> askLeader(ByteString question) {
        if (leadership.ledTerm() != 0) {
            return desk.answer(question);
        }
        return askPeer(PeerRequest.newBuilder().setQuestion(question).build())
                .thenApplyAsync(PeerReply::getAnswer, threads);
    }

    private CompletableFuture<PeerReply> askPeer(PeerRequest request) {
        long leader = route.leader();
        if (closed || leader == 0 || leader == self) {
            // A leader that is not ready yet counts as none.
            return failed(closed ? EtcdError.STOPPED : EtcdError.NO_LEADER);
        }
        return peers.ask(leader, request)
                .handle((reply, failure) -> {
                    if (failure != null) {
                        throw new EtcdException(EtcdError.TIMEOUT);
                    }
                    return switch (reply.getOutcome()) {
                        case OK -> reply;
                        case REFUSED -> throw new EtcdException(EtcdError.NOT_LEADER);
                        case UNKNOWN, UNRECOGNIZED -> throw new EtcdException(EtcdError.TIMEOUT);
                    };
                });
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
        TransferLeadershipRequest request =
                new TransferLeadershipRequest(
                        ClientId.randomId(),
                        division.getId(),
                        division.getGroup().getGroupId(),
                        CallId.getAndIncrement(),
                        RatisSettings.peerId(memberId),
                        config.election().multipliedBy(2).toMillis());
        try {
            return server.transferLeadershipAsync(request)
                    .handleAsync(
                            (reply, failure) -> {
                                if (failure != null || !reply.isSuccess()) {
                                    throw new EtcdException(EtcdError.TIMEOUT);
                                }
                                return null;
                            },
                            threads);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
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
            inLogOrder.execute(() -> proposer.applied(number, results));
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
            try {
                return answer(PeerRequest.parseFrom(request.getContent().asReadOnlyByteBuffer()))
                        .exceptionally(Events::outcome)
                        .thenApply(reply -> PeerCalls.message(reply.toByteArray()));
            } catch (InvalidProtocolBufferException e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        private CompletableFuture<PeerReply> answer(PeerRequest request) {
            PeerReply.Builder reply = PeerReply.newBuilder();
            return switch (request.getRequestCase()) {
                case PROPOSAL ->
                        route.append(
                                        request.getProposal().getBatch().toByteArray(),
                                        request.getProposal().getTerm(),
                                        null)
                                .thenApply(inLog ->
                                        reply.setOutcome(inLog ? Outcome.OK : Outcome.REFUSED)
                                                .build());
                case READ_INDEX ->
                        gate.readIndex().thenApply(index -> reply.setReadIndex(index).build());
                case QUESTION ->
                        leadership.ledTerm() == 0
                                ? failed(EtcdError.NOT_LEADER)
                                : desk.answer(request.getQuestion())
                                        .thenApply(answer -> reply.setAnswer(answer).build());
                case REQUEST_NOT_SET -> failed(EtcdError.NOT_LEADER);
            };
        }

        private static PeerReply outcome(Throwable failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            boolean refused =
                    cause instanceof EtcdException refusal
                            && refusal.error() == EtcdError.NOT_LEADER;
            return PeerReply.newBuilder()
                    .setOutcome(refused ? Outcome.REFUSED : Outcome.UNKNOWN)
                    .build();
        }
    }
}
