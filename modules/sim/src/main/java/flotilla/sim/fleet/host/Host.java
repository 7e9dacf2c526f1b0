package flotilla.sim.fleet.host;

import flotilla.fleet.agent.Fence;
import flotilla.fleet.agent.Held;
import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Machine;
import flotilla.sim.fleet.keeper.Way;
import flotilla.sim.world.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One machine of a fleet. Its units' processes are its init's: they go on when the daemon ends, and
 * end with the power.
 */
public final class Host {
    /** What each machine has for units. */
    private static final Capacity CAPACITY = new Capacity(1L << 30, 4_000);

    /** How long a daemon that leaves waits for its units to stop: FleetDaemon's STOP_LIMIT. */
    private static final long LEAVE_MILLIS = 90_000;

    /** By when a daemon that is told to end has ended, whatever it waits for. */
    private static final long STOP_MILLIS = 2_000;

    /** Within that time of going on again what must not run has ended. */
    private static final long NOTICE_NANOS = 200_000_000;

    private final Surroundings around;
    private final int number;
    private final Timepiece clock;
    private final Way way;
    private final Machine machine;
    private final Map<String, Held> diary = new TreeMap<>();
    private Program initProgram;
    private SimulatedInit init;
    private @Nullable Daemon daemon;
    private @Nullable HeartLoop heart;
    private @Nullable Office office;
    private @Nullable AgentLoop agent;
    private boolean powered;
    private boolean slow;
    private boolean cut;
    private boolean calm;

    /** When it has noticed that it stood still, and done what it must. */
    private long noticedNanos;

    private Habits habits;

    /**
     * @param metadata its own
     */
    public Host(Surroundings around, int number, Map<String, String> metadata) {
        this.around = around;
        this.number = number;
        World world = around.world();
        this.clock = new Timepiece(world, world.random().nextInt(1_000) - 500L);
        this.way = new Way(world, around.keeper(), around.weather());
        this.habits = around.habits();
        String name = "m" + number;
        this.machine =
                new Machine(name, "10.0.0." + number, name, metadata, CAPACITY, "1")
                        .withFence(Fence.of(Duration.ofMillis(habits.ttlMillis())).graceMillis());
        this.initProgram = new Program(world, name + " init");
        this.init = newInit();
    }

    private SimulatedInit newInit() {
        return new SimulatedInit(
                clock,
                initProgram,
                habits,
                new SimulatedInit.Listener() {
                    @Override
                    public void started(String unit, String text) {
                        around.witness().started(Host.this, unit, text);
                    }

                    @Override
                    public void ended(String unit, boolean byItself) {
                        around.witness().ended(Host.this, unit, byItself);
                    }
                });
    }

    public String id() {
        return machine.id();
    }

    public int number() {
        return number;
    }

    Surroundings around() {
        return around;
    }

    Timepiece clock() {
        return clock;
    }

    Way way() {
        return way;
    }

    SimulatedInit init() {
        return init;
    }

    /** Which units its init has, as its daemon noted; gone with the power. */
    Map<String, Held> diary() {
        return diary;
    }

    /** As it announces itself. */
    public Machine machine() {
        return machine;
    }

    /** The store's time for a lease of ours is true time. */
    long nanosOf(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    // What happens to it

    public void boot() {
        if (powered) {
            return;
        }
        powered = true;
        initProgram = new Program(around.world(), id() + " init");
        init = newInit();
        diary.clear();
        startDaemon();
    }

    public void startDaemon() {
        if (!powered || daemon != null) {
            return;
        }
        Program program = new Program(around.world(), id());
        program.standStillWith(initProgram);
        Daemon next = new Daemon(this, program);
        daemon = next;
        agent = new AgentLoop(next, this::stopped);
        heart = new HeartLoop(next, agent::hear);
        heart.begin();
        if (number <= habits.engines()) {
            office = new Office(next);
            office.stand();
        }
    }

    public void killDaemon() {
        Daemon last = daemon;
        if (last != null) {
            last.end();
            init.subscribe(_ -> {});
        }
        daemon = null;
        heart = null;
        office = null;
        agent = null;
    }

    /** Its daemon ends in order, to be started again; its units go on. */
    public void stopDaemon() {
        HeartLoop its = heart;
        Daemon current = daemon;
        if (its != null && current != null) {
            its.stay(Duration.ofMillis(habits.ttlMillis() * 4), () -> ended(current));
            current.after(STOP_MILLIS, "is stopped", () -> ended(current));
        }
    }

    /** In order: if it is needed it comes back. */
    private void ended(Daemon which) {
        if (daemon == which) {
            killDaemon();
            if (calm) {
                startDaemon();
            }
        }
    }

    public void cutPower() {
        killDaemon();
        if (powered) {
            powered = false;
            initProgram.end();
            init.powerFails();
        }
    }

    /** Its daemon stands still, and its units go on. */
    public void pauseDaemon(long nanos) {
        Daemon current = daemon;
        if (current != null) {
            current.program().standStill(nanos);
        }
    }

    /** Nothing of it moves. */
    public void freeze(long nanos) {
        pauseDaemon(nanos);
        initProgram.standStill(nanos);
        noticedNanos = Math.max(noticedNanos, around.world().now() + nanos + NOTICE_NANOS);
        around.world().after(nanos + NOTICE_NANOS, "thawed", this::thawed);
    }

    private void thawed() {
        if (!isFrozen()) {
            around.witness().thawed(this);
        }
    }

    /** What stands still goes on. */
    public void moveAgain() {
        initProgram.moveAgain();
        Daemon current = daemon;
        if (current != null) {
            current.program().moveAgain();
        }
        noticedNanos = around.world().now() + NOTICE_NANOS;
        around.world().after(NOTICE_NANOS, "thawed", this::thawed);
    }

    /** It gives up all it has, and its daemon ends. */
    public void leave() {
        Daemon current = daemon;
        HeartLoop its = heart;
        if (current == null || its == null) {
            return;
        }
        its.sayLeaving(
                false,
                () -> {
                    if (office != null) {
                        office.close();
                    }
                    if (agent != null) {
                        agent.leave();
                    }
                    current.after(LEAVE_MILLIS, "leaves", this::left);
                });
    }

    /** Nothing of its units is left. */
    private void stopped() {
        HeartLoop its = heart;
        if (its != null) {
            its.sayLeaving(true, this::left);
        }
    }

    private void left() {
        Daemon current = daemon;
        if (heart != null && current != null) {
            heart.close();
            current.after(0, "has left", () -> ended(current));
        }
    }

    public void clockRate(double rate) {
        clock.rate(rate);
    }

    public void cut(boolean out, boolean in) {
        cut = out || in;
        way.cut(out, in);
    }

    public void slowness(int times) {
        slow = times > 1;
        way.slowness(times);
    }

    public void breakWatches() {
        Daemon current = daemon;
        if (current != null) {
            current.breakWatches();
        }
    }

    /** A unit's processes end by themselves. */
    public void die(String unit) {
        init.die(unit);
    }

    /** Somebody removes a unit's file, and has the init read all again. */
    public void removeFile(String unit) {
        init.remove(unit);
        init.reload();
    }

    /** Nothing goes wrong from now on with what it has to do; if it leaves it comes back. */
    public void calmDown() {
        calm = true;
        habits = habits.calm();
        init.habits(habits);
        way.weather(around.weather().calm());
    }

    // How it is

    public boolean leads() {
        Office its = office;
        return its != null && its.leads();
    }

    public boolean isFrozen() {
        return powered && initProgram.standsStill();
    }

    /** Whether it stands still, or has just begun to notice that it did. */
    public boolean hasToNotice() {
        return isFrozen() || (powered && around.world().now() < noticedNanos);
    }

    public boolean isPowered() {
        return powered;
    }

    public boolean hasDaemon() {
        return daemon != null;
    }

    /** Whether something keeps its daemon from its work. */
    public boolean isDisturbed() {
        Daemon current = daemon;
        return current == null || current.program().standsStill() || cut || slow || isFrozen();
    }

    public boolean isInCluster() {
        HeartLoop its = heart;
        return its != null && its.isRegistered();
    }

    /** What runs on it, by unit. */
    public Map<String, String> running() {
        return powered ? init.running() : Map.of();
    }

    /** Units that have a file. */
    public List<String> files() {
        return init.files();
    }

    @Override
    public String toString() {
        return id();
    }
}
