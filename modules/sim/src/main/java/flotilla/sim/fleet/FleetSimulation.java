package flotilla.sim.fleet;

import flotilla.fleet.engine.Action;
import flotilla.fleet.engine.EngineMachine;
import flotilla.fleet.engine.Event;
import flotilla.fleet.job.Now;
import flotilla.sim.fleet.Peace.Unrest;
import flotilla.sim.fleet.host.Host;
import flotilla.sim.fleet.host.Surroundings;
import flotilla.sim.fleet.keeper.Keeper;
import flotilla.sim.world.Violation;
import flotilla.sim.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One run: a fleet, people who want things of it, and whatever the seed says happens to it. Then
 * everything is mended, and all must come to rest as it should be. The same seed, size and number
 * of events give the same run.
 */
public final class FleetSimulation {
    /** A mended fleet must have come to rest within that time: restarts and pauses included. */
    private static final long REST_NANOS = 3_600_000_000_000L;

    /** So long all must have been as it should, and nobody have decided anything. */
    private static final long QUIET_NANOS = 15_000_000_000L;

    /** How often what takes time is looked at. */
    private static final long LOOK_NANOS = 1_000_000_000L;

    /** After how many events it is told how far it is. */
    private static final long TOLD_EVENTS = 10_000;

    /** With more units than that a run is large. */
    private static final int LARGE = 1_000;

    /** Keeps that draw from being the run's own first one. */
    private static final long SALT = 17_303L;

    private static final long ORDERLY_SALT = 60_022L;

    /** What a right calendar says when a run begins, in milliseconds since 1970. */
    static final long WALL_MILLIS = 1_800_000_000_000L;

    private final World world;
    private final FleetChances chances;
    private final Keeper keeper;
    private final Copies copies;
    private final Decrees decrees;
    private final List<Host> hosts = new ArrayList<>();
    private final Troubles troubles;
    private final People people;
    private final Peace peace;
    private final Consumer<Progress> progress;
    private boolean mended;

    /**
     * How large a run is.
     *
     * @param machines 0 to let the seed say
     * @param units the same
     * @param events before everything is mended
     */
    public record Size(int machines, int units, long events) {}

    /**
     * What came of a run.
     *
     * @param events that happened
     * @param decrees transactions that engines made
     * @param trace stands for all that happened
     */
    public record Outcome(long events, long decrees, long trace) {}

    /**
     * How far a run is.
     *
     * @param events that have happened
     * @param nanos of its own time
     * @param mended whether nothing goes wrong any more
     */
    public record Progress(long events, long nanos, boolean mended) {}

    private FleetSimulation(
            long seed, Size size, @Nullable Consumer<String> reader, Consumer<Progress> progress) {
        this.progress = progress;
        world = new World(seed);
        Story story = new Story(world, reader);
        chances = FleetChances.drawn(world.random(), size.machines(), size.units());
        Texts texts = new Texts(world.random(), chances.machines(), chances.units());
        copies = new Copies(world, texts, story);
        decrees = new Decrees(world, texts, copies, story);
        keeper = new Keeper(world, decrees);
        Surroundings around =
                new Surroundings(world, keeper, chances.weather(), chances.habits(), copies);
        for (int number = 1; number <= chances.machines(); number++) {
            Map<String, String> metadata = Map.of(Texts.NAMES[number % 2], texts.any(Texts.VALUES));
            hosts.add(new Host(around, number, metadata));
        }
        copies.of(keeper);
        decrees.of(keeper, hosts);
        Stage stage = new Stage(world, keeper, hosts, story);
        troubles = new Troubles(stage, chances, isOrderly(seed));
        people = new People(stage, texts, chances.wishNanos(), isNovel(seed));
        peace = new Peace(keeper, copies, hosts);
    }

    /**
     * Whether new texts are rolled out in it, as in one run of three; drawn apart, so that all
     * other runs stay what they are without that.
     */
    private static boolean isNovel(long seed) {
        return new SplittableRandom(seed ^ SALT).nextInt(3) == 0;
    }

    /** Whether daemons end in order more often than not, as in one run of four; drawn apart too. */
    private static boolean isOrderly(long seed) {
        return new SplittableRandom(seed ^ ORDERLY_SALT).nextInt(4) == 0;
    }

    /**
     * Runs it.
     *
     * @throws Violation if a promise was broken
     */
    public static Outcome run(long seed, Size size) {
        return new FleetSimulation(seed, size, null, _ -> {}).run(size.events());
    }

    /** The same, and tells what happens, line by line. */
    public static Outcome run(long seed, Size size, Consumer<String> reader) {
        return new FleetSimulation(seed, size, reader, _ -> {}).run(size.events());
    }

    /** The same, and tells now and then how far it is. */
    public static Outcome watch(long seed, Size size, Consumer<Progress> progress) {
        return new FleetSimulation(seed, size, null, progress).run(size.events());
    }

    /**
     * Whether most of so many units ask for little, for hardly any would find a place else, and
     * what walks through everything is done seldom.
     */
    public static boolean isLarge(int units) {
        return units > LARGE;
    }

    /** What a right calendar says, in milliseconds since 1970. */
    static long wallMillis(World world) {
        return WALL_MILLIS + world.now() / 1_000_000;
    }

    private Outcome run(long events) {
        hosts.forEach(Host::boot);
        people.wantAll(chances.units());
        people.begin();
        troubles.begin();
        look();
        while (world.happened() < events) {
            next();
        }
        troubles.end();
        people.end();
        decrees.calm();
        mended = true;
        rest();
        return new Outcome(world.happened(), decrees.count(), world.trace());
    }

    private void next() {
        world.next();
        if (world.happened() % TOLD_EVENTS == 0) {
            progress.accept(new Progress(world.happened(), world.now(), mended));
        }
    }

    private void look() {
        world.after(
                LOOK_NANOS,
                "look",
                () -> {
                    copies.look();
                    look();
                });
    }

    private void rest() {
        long deadline = world.now() + REST_NANOS;
        long unrestNanos = world.now();
        long nextNanos = 0;
        Optional<Unrest> unrest = Optional.empty();
        while (true) {
            long until = world.now() + LOOK_NANOS;
            while (world.now() < until) {
                next();
            }
            boolean isLarge = isLarge(chances.units());
            long quietNanos = decrees.lastNanos() + QUIET_NANOS;
            if (!isLarge || world.now() > Math.max(nextNanos, quietNanos)) {
                nextNanos = world.now() + QUIET_NANOS;
                unrest = peace.unrest(wallMillis(world)).or(this::anotherEnginesDecision);
                if (unrest.isPresent()) {
                    unrestNanos = world.now();
                }
                if (world.now() - Math.max(unrestNanos, decrees.lastNanos()) > QUIET_NANOS) {
                    return;
                }
            }
            if (world.now() > deadline) {
                Unrest found =
                        unrest.orElse(new Unrest("units come to rest", "engines still decide"));
                throw world.broken(found.promise(), "%s", found.what());
            }
        }
    }

    /**
     * An engine that only now begins finds nothing to do where the one that leads found nothing.
     */
    private Optional<Unrest> anotherEnginesDecision() {
        Now now = new Now(0, wallMillis(world));
        Event listed = new Event.Listed(keeper.cluster(), keeper.revision());
        return new EngineMachine()
                .on(listed, now).stream()
                        .filter(Action.Carry.class::isInstance)
                        .findFirst()
                        .map(carry ->
                                new Unrest("from equal state equal is decided", carry.toString()));
    }
}
