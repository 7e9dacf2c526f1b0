package flotilla.sim.member;

import flotilla.platform.Background;
import flotilla.platform.disk.DamagedFile;
import flotilla.sim.network.Network;
import flotilla.sim.promise.Promises;
import flotilla.sim.promise.Wording;
import flotilla.sim.world.Life;
import flotilla.sim.world.Machine;
import flotilla.sim.world.World;
import flotilla.store.apply.level.FeatureLevel;
import flotilla.store.apply.member.MemberBook;
import flotilla.store.command.Command;
import flotilla.store.corruption.CorruptCheck;
import flotilla.store.corruption.InitialCheck;
import flotilla.store.corruption.Means;
import flotilla.store.lease.LeaseClock;
import flotilla.store.level.LevelMonitor;
import flotilla.store.log.Membership;
import flotilla.store.log.SnapshotShelf;
import flotilla.store.log.StateMachine;
import flotilla.store.log.driver.MemberParts;
import flotilla.store.log.driver.RaftLog;
import flotilla.store.log.driver.RemovedMember;
import flotilla.store.log.driver.Ties;
import flotilla.store.log.driver.Workers;
import flotilla.store.log.wal.DamagedLog;
import flotilla.store.view.EtcdStateMachine;
import flotilla.store.watch.WatchLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A member of the cluster: a machine, and on it, while it is up, what {@code EtcdServer} wires:
 * log, state and lease clock, as in production.
 */
public final class Member {
    /** The cluster's id. */
    public static final long CLUSTER = 0xF10;

    private static final String LOG = "log";
    private static final long TICK_NANOS = 100_000_000;

    /** Of members with an older program, those that get a newer one when they are started. */
    private static final int UPGRADED_PERMILLE = 300;

    private static final long INTRODUCE_AGAIN_NANOS = 500_000_000;
    private static final WatchLimits WATCHES = new WatchLimits(1_000, 10_000, 64 << 20);

    private final Machine machine;
    private final StateDisk disk;
    private final Network network;
    private final Promises promises;
    private final long id;
    private @Nullable Membership membership;
    private final Habits habits;
    private @Nullable Running running;

    /** Up to which feature level its program reads: the newest, unless programs are upgraded. */
    private int reads;

    private boolean wiped;
    private boolean retired;
    private boolean lost;
    private boolean refused;
    private boolean turnedAway;
    private @Nullable SimulatedStorage storage;

    /** A process that has opened its log. */
    public record Running(Life life, RaftLog log, EtcdStateMachine state) {}

    /** What members share. */
    public record Surroundings(Network network, Promises promises, Habits habits) {}

    /** One that founds the group, with others. */
    public Member(Machine machine, Membership membership, Surroundings around) {
        this(machine, around);
        this.membership = membership;
    }

    /** One that isn't there yet, see {@link #join}; it comes with the newest program. */
    public static Member newcomer(Machine machine, Surroundings around) {
        Member member = new Member(machine, around);
        member.reads = FeatureLevel.READABLE;
        return member;
    }

    private Member(Machine machine, Surroundings around) {
        this.machine = machine;
        this.id = machine.number();
        this.disk = new StateDisk(machine);
        this.network = around.network();
        this.promises = around.promises();
        this.habits = around.habits();
        this.reads = habits.upgrades() ? 0 : FeatureLevel.READABLE;
        machine.onEnd(() -> {
            running = null;
            network.gone(id());
            promises.ended(id());
        });
    }

    public long id() {
        return id;
    }

    public Machine machine() {
        return machine;
    }

    /** The process, once its log is open. */
    public @Nullable Running running() {
        return running;
    }

    /**
     * Ends its process and gives its machine a new disk: nothing of it may vote again, though it
     * tries to join the group anew.
     */
    public void wipe(MemberBook book) {
        wiped = true;
        machine.kill();
        machine.newDisk();
        disk.wipe();
        membership = membership(book);
    }

    /** Turns a bit of the log, while no process runs. */
    public void flipBit() {
        machine.flipBit(LOG);
    }

    /**
     * Gives a key another value in its state, durably, as a mistake of its own might: no checksum
     * says so, and nobody is told.
     */
    public void rot(Running whose, String key) {
        whose.life()
                .after(
                        0,
                        machine + " rots",
                        () -> {
                            if (Objects.requireNonNull(storage).rot(Wording.bytes(key))) {
                                promises.rot().planted(id);
                            }
                        });
    }

    /** Whether another one's state differed from its own when it started. */
    public boolean isTurnedAway() {
        return turnedAway;
    }

    /** Damages one of the checkpoints, if there is one. */
    public void damageCheckpoint() {
        disk.damage();
    }

    /** Checkpoints are put back as they were. */
    public void mendCheckpoints() {
        disk.mend();
    }

    public boolean isWiped() {
        return wiped;
    }

    /** Whether it was told, on a new disk, that it can't come back so. */
    public boolean isRefused() {
        return refused;
    }

    /** Its machine is gone for good, with what was on it. */
    public void lose() {
        lost = true;
        machine.kill();
    }

    public boolean isLost() {
        return lost;
    }

    /** It was removed, and is switched off. */
    public void retire() {
        retired = true;
        machine.kill();
    }

    /** Starts for the first time, in the group of those that are in the book, as it is. */
    public void join(MemberBook book) {
        if (membership == null) {
            membership = membership(book);
            start();
        }
    }

    /** Whether it belongs to the group, or did. */
    public boolean hasJoined() {
        return membership != null;
    }

    private Membership membership(MemberBook book) {
        List<Membership.Peer> peers =
                book.members().stream()
                        .map(each ->
                                new Membership.Peer(
                                        each.getID(), each.getName(), each.getPeerURLsList()))
                        .toList();
        return new Membership(CLUSTER, id, peers, true);
    }

    /** Whether there is something to start: not if it is yet to join, or is no more. */
    public boolean canStart() {
        return machine.life() == null && membership != null && !wiped && !lost && !retired;
    }

    /** Ends its process, to be started again with the newest program. */
    public void upgrade() {
        reads = FeatureLevel.READABLE;
        machine.kill();
    }

    /** Whether the cluster's level is as high as its program reads, as far as it knows. */
    public boolean isAtItsLevel() {
        return running != null && (!habits.upgrades() || running.state().level() == reads);
    }

    /** Starts a process; its log is open a little later. */
    public void start() {
        if (habits.upgrades() && reads == 0 && machine.world().chance(UPGRADED_PERMILLE)) {
            reads = FeatureLevel.READABLE;
        }
        Life life = machine.boot();
        life.after(machine.world().about(habits.diskNanos()), machine + " start", () -> open(life));
    }

    private void open(Life life) {
        SimulatedStorage storage = new SimulatedStorage(disk);
        this.storage = storage;
        Background background = new VirtualBackground(life, pace(habits.applyNanos()));
        EtcdStateMachine state = new EtcdStateMachine(storage, WATCHES, background);
        StateMachine watched = promises.watched(id(), reads, state);
        LeaseClock leases = new LeaseClock(life.clock(), state);
        state.onLeaseChange(leases);
        SnapshotShelf shelf = new SimulatedShelf(disk, storage, watched);
        MemberParts parts =
                new MemberParts(
                        Objects.requireNonNull(membership),
                        watched,
                        shelf,
                        machine.disk().directory(LOG),
                        habits.wal(),
                        habits.times(),
                        reads,
                        machine.world().random().nextLong());
        Workers workers = workers(life);
        Means means = new Means(workers.readers(), workers.core(), machine.world().random());
        Ties ties =
                new Ties(
                        receiver -> network.open(id(), life, receiver),
                        leases,
                        habits.comparesFirst()
                                ? new InitialCheck(id, watched, means)::passed
                                : Ties.Admission.AT_ONCE);
        try {
            RaftLog log = RaftLog.open(parts, workers, ties);
            leases.attach(log);
            if (habits.compareNanos() > 0) {
                new CorruptCheck(state, log, log.otherStates(), means)
                        .begin(Duration.ofNanos(habits.compareNanos()));
            }
            machine.forgetFlip();
            running = new Running(life, log, state);
            introduce(life, log);
            LevelMonitor levels = new LevelMonitor(watched, log, reads);
            tick(
                    life,
                    () -> {
                        leases.tick();
                        levels.look();
                    });
            endOn(log.failure(), life);
            endOn(state.failure(), life);
        } catch (IOException e) {
            failedToStart(e);
        }
    }

    private Workers workers(Life life) {
        SimulatedLoop loop =
                new SimulatedLoop(
                        life, life.thread("core", pace(habits.coreNanos())), life.clock());
        Life.Pace diskPace = () -> machine.slowness() * pace(habits.diskNanos()).nanos();
        return new Workers(
                loop,
                life.thread("disk", diskPace),
                life.thread("apply", pace(habits.applyNanos())),
                life.thread("snapshots", pace(habits.snapshotNanos())),
                life.threads("readers", () -> machine.readingNanos() + diskPace.nanos()),
                life.threads("replies", pace(habits.coreNanos())));
    }

    private Life.Pace pace(long typicalNanos) {
        World world = machine.world();
        return () -> typicalNanos / 4 + world.about(typicalNanos);
    }

    /**
     * Tells the cluster of itself, as {@code EtcdServer} does: by that it is known to take part.
     */
    private void introduce(Life life, RaftLog log) {
        Command attributes =
                Command.newBuilder()
                        .setMemberAttributes(
                                flotilla.protocol.Member.newBuilder()
                                        .setID(id())
                                        .setName(machine.toString())
                                        .addClientURLs("http://" + machine))
                        .setReads(reads)
                        .build();
        var _ =
                log.propose(attributes)
                        .whenComplete((_, failure) -> {
                            if (failure != null) {
                                life.after(
                                        INTRODUCE_AGAIN_NANOS,
                                        machine + " introduction",
                                        () -> introduce(life, log));
                            }
                        });
    }

    /** Now and then, as {@code EtcdServer} does. */
    private void tick(Life life, Runnable task) {
        long trueNanos = (long) (TICK_NANOS / machine.clockRate());
        life.after(
                trueNanos,
                machine + " tick",
                () -> {
                    task.run();
                    tick(life, task);
                });
    }

    private void failedToStart(IOException e) {
        boolean named = e instanceof DamagedLog || e instanceof DamagedFile;
        if (machine.syncsFail()) {
            machine.cutPower();
        } else if (machine.isFull()) {
            machine.kill();
        } else if (named && (machine.isFlipped() || disk.isDamaged())) {
            machine.kill();
            machine.unflip();
            disk.mend();
        } else {
            throw machine.world().broken("what survives starts again", "%d: %s", id(), e);
        }
    }

    /** A process that can't go on ends. */
    private void endOn(CompletableFuture<Void> failure, Life life) {
        CompletableFuture<Void> _ =
                failure.whenComplete((_, wrapped) -> {
                    Throwable cause = wrapped.getCause() == null ? wrapped : wrapped.getCause();
                    if (life.ended()) {
                        return;
                    }
                    if (machine.syncsFail()) {
                        machine.cutPower();
                    } else if (machine.isFull() || wiped) {
                        refused = wiped;
                        machine.kill();
                    } else if (cause instanceof RemovedMember) {
                        // Is started again, as a supervisor would: those who stay may not know.
                        machine.kill();
                    } else if (cause instanceof DamagedFile && disk.isDamaged()) {
                        machine.kill();
                    } else if (promises.rot().isPlanted() && habits.comparesFirst()) {
                        turnedAway = true;
                        machine.kill();
                    } else {
                        throw machine.world()
                                .broken("no member fails by itself", "%d: %s", id(), cause);
                    }
                });
    }

    @Override
    public String toString() {
        return machine + (lost ? " (lost)" : retired ? " (retired)" : wiped ? " (wiped)" : "");
    }
}
