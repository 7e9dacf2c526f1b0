package flotilla.store;

import flotilla.platform.Clock;
import flotilla.platform.Recurring;
import flotilla.protocol.Member;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.boot.DataDir;
import flotilla.store.boot.EtcdConfig;
import flotilla.store.boot.MemberIds;
import flotilla.store.command.Command;
import flotilla.store.corruption.CorruptCheck;
import flotilla.store.lease.LeaseClock;
import flotilla.store.level.LevelMonitor;
import flotilla.store.log.Membership;
import flotilla.store.log.RaftStatus;
import flotilla.store.log.driver.RaftLog;
import flotilla.store.view.EtcdStateMachine;
import flotilla.store.watch.WatchLimits;
import flotilla.store.wire.EtcdService;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One member, wired: the state machine, the log that orders its commands, and what clients see. */
public final class EtcdServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EtcdServer.class);

    /** How often a leader looks for leases that are over (etcd's), and at the feature level. */
    private static final long LEADER_TICK_MILLIS = 100;

    /**
     * How often a member that follows looks whether it leads: a new leader counts all leases anew,
     * so the first may end that much later, none earlier.
     */
    private static final long FOLLOWER_TICK_MILLIS = 500;

    /** How often a member that has no leader yet looks again. */
    private static final long PUBLISH_PAUSE_MILLIS = 50;

    private final EtcdConfig config;
    private final Membership membership;
    private final EtcdStateMachine machine;
    private final MemberLog raft;
    private final EtcdService service;
    private final ScheduledExecutorService timer;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final Thread publisher;
    private final CorruptCheck check;
    private final LevelMonitor levels;
    private final int reads;

    private EtcdServer(
            EtcdConfig config, Membership membership, Opened opened, EtcdService service) {
        this.config = config;
        this.membership = membership;
        this.machine = opened.machine();
        this.raft = opened.raft();
        this.service = service;
        this.timer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("etcd-leader-timer").factory());
        this.publisher = Thread.ofVirtual().name("etcd-publish").unstarted(this::publish);
        this.check = raft.check(machine);
        check.show(service.metrics());
        this.reads = opened.reads();
        this.levels = new LevelMonitor(machine, raft.log(), reads);
    }

    /**
     * @param reads up to which feature level this member's program reads
     */
    private record Opened(EtcdStateMachine machine, LeaseClock leases, MemberLog raft, int reads) {
        RaftLog log() {
            return raft.log();
        }
    }

    /**
     * Opens the state and the log in the data directory and serves; does not wait for a leader.
     *
     * @throws IOException when the state can't be opened or an address can't be bound
     */
    static EtcdServer start(EtcdConfig config, Membership membership, MemberLog.Program program)
            throws IOException {
        Opened opened = open(config, membership, program);
        try {
            awaitAdmission(config, opened);
            EtcdService service =
                    EtcdService.open(
                            config,
                            config.listenClientUrls(),
                            new EtcdService.Store(
                                    membership,
                                    opened.machine(),
                                    opened.log(),
                                    opened.log()::metrics,
                                    () -> trouble(opened)));
            EtcdServer server = new EtcdServer(config, membership, opened, service);
            server.tickNext(
                    List.of(
                            new Recurring("ending leases", opened.leases()::tick),
                            new Recurring("raising the feature level", server.levels::look)));
            config.corruption().pause().ifPresent(server.check::begin);
            server.publisher.start();
            var _ = server.failure().whenComplete((_, failure) -> server.unready(failure));
            return server;
        } catch (IOException | RuntimeException e) {
            opened.raft().close();
            opened.machine().close();
            throw e;
        }
    }

    /** One timer for all that a leader does: an idle member is woken no more than need be. */
    private void tickNext(List<Recurring> duties) {
        RaftStatus now = status();
        boolean follows = now.hasLeader() && !now.isLeader();
        var _ =
                timer.schedule(
                        () -> {
                            duties.forEach(Recurring::run);
                            tickNext(duties);
                        },
                        follows ? FOLLOWER_TICK_MILLIS : LEADER_TICK_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    /** Whoever compares its state with the others' serves nobody before it has. */
    private static void awaitAdmission(EtcdConfig config, Opened opened) throws IOException {
        if (!config.corruption().initially()) {
            return;
        }
        try {
            opened.log().admitted().join();
        } catch (CompletionException e) {
            throw new IOException(words(e), e);
        }
    }

    private static Opened open(EtcdConfig config, Membership membership, MemberLog.Program program)
            throws IOException {
        EtcdStateMachine machine =
                EtcdStateMachine.open(
                        DataDir.places(config.dataDir()).state(),
                        WatchLimits.ofThisJvm(
                                config.streams().watchesPerStream(),
                                config.streams().watchesPerMember()));
        try {
            LeaseClock leases = new LeaseClock(Clock.system(), machine);
            machine.onLeaseChange(leases);
            MemberLog raft =
                    MemberLog.open(
                            config, program, membership, new MemberLog.Above(machine, leases));
            leases.attach(raft.log());
            return new Opened(machine, leases, raft, program.reads());
        } catch (IOException | RuntimeException e) {
            machine.close();
            throw e;
        }
    }

    /** Tells the cluster this member's name and client URLs, as soon as there is a leader. */
    private void publish() {
        Command attributes =
                Command.newBuilder()
                        .setMemberAttributes(
                                Member.newBuilder()
                                        .setID(membership.self())
                                        .setName(config.name())
                                        .addAllClientURLs(
                                                config.advertiseClientUrls().stream()
                                                        .map(URI::toString)
                                                        .toList()))
                        .setReads(reads)
                        .build();
        try {
            warmUp();
            while (!ready.isDone()) {
                if (raft.log().status().hasLeader() && published(attributes)) {
                    log.info(
                            "ready to serve client requests at {} as {} ({})",
                            config.listenClientUrls(),
                            config.name(),
                            MemberIds.hex(membership.self()));
                    ready.complete(null);
                } else {
                    Thread.sleep(PUBLISH_PAUSE_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            ready.completeExceptionally(new EtcdException(EtcdError.STOPPED));
        } catch (RuntimeException e) {
            log.error("telling the cluster this member's name failed; it must be stopped", e);
            ready.completeExceptionally(e);
        }
    }

    /** Meanwhile the members elect a leader; without a warm-up the first answers come later. */
    private void warmUp() throws InterruptedException {
        try {
            WarmUp.perform(config);
        } catch (IOException e) {
            log.warn("{}; the first answers will take longer", e.getMessage(), e);
        }
    }

    /** Whoever waits for a member that has failed would wait for ever. */
    private void unready(Throwable failure) {
        ready.completeExceptionally(failure);
    }

    private boolean published(Command attributes) throws InterruptedException {
        try {
            raft.log().propose(attributes).get();
            return true;
        } catch (ExecutionException e) {
            log.debug("attributes not published yet: {}", String.valueOf(e.getCause()));
            return false;
        }
    }

    /**
     * Completes once there is a leader and this member has applied what came before; fails when it
     * can't go on before that.
     */
    public CompletableFuture<Void> ready() {
        return ready;
    }

    /** Where clients are served, with the ports the system chose where 0 was asked for. */
    public List<InetSocketAddress> addresses() {
        return service.addresses();
    }

    public Membership membership() {
        return membership;
    }

    /** What it holds; for looking at, not for changing. */
    EtcdStateMachine machine() {
        return machine;
    }

    /** Orders a write, as {@link flotilla.store.log.ReplicatedLog#propose}. */
    CompletableFuture<flotilla.store.apply.Applied> propose(Command command) {
        return raft.log().propose(command);
    }

    /** How this member sees the cluster just now. */
    public RaftStatus status() {
        return raft.log().status();
    }

    /** Completes when this member's loop comes round; one that does not answer is hung. */
    public CompletableFuture<Void> pulse() {
        return raft.pulse();
    }

    /** Fails when this member can't go on and must be stopped; never completes otherwise. */
    public CompletableFuture<Void> failure() {
        return failure(machine, raft.log());
    }

    private static CompletableFuture<Void> failure(EtcdStateMachine machine, RaftLog raft) {
        return CompletableFuture.anyOf(machine.failure(), raft.failure()).thenAccept(_ -> {});
    }

    private static Optional<String> trouble(Opened opened) {
        CompletableFuture<Void> failure = failure(opened.machine(), opened.log());
        return failure.isCompletedExceptionally()
                ? Optional.of(words(failure.exceptionNow()))
                : Optional.empty();
    }

    private static String words(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause == null || cause.getMessage() == null
                ? String.valueOf(cause)
                : cause.getMessage();
    }

    /** A polite crash: what was acknowledged is on disk already. */
    @Override
    public void close() {
        publisher.interrupt();
        timer.shutdownNow();
        check.close();
        service.close();
        raft.close();
        machine.close();
        log.info("etcd member {} stopped", config.name());
    }
}
