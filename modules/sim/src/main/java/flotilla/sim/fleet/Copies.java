package flotilla.sim.fleet;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.job.Handover;
import flotilla.fleet.job.OnLost;
import flotilla.fleet.schedule.Requirements;
import flotilla.sim.fleet.host.Host;
import flotilla.sim.fleet.host.Surroundings;
import flotilla.sim.fleet.keeper.Keeper;
import flotilla.sim.world.World;
import flotilla.units.Glob;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What truly runs where, and the promises about it: a unit that must not run twice does not, units
 * that keep away from each other are on different machines, and a copy that nobody wants ends.
 */
final class Copies implements Surroundings.Witness {
    /**
     * How long a copy that nobody wants may run on where nothing keeps the daemon from its work:
     * three stops whose results are lost, and the kill after them.
     */
    private static final long STRAY_NANOS = 420_000_000_000L;

    private final World world;
    private final Texts texts;
    private final Story story;
    private final Map<String, Map<Host, Copy>> byUnit = new TreeMap<>();
    private final Map<Host, Map<String, Copy>> byHost = new LinkedHashMap<>();
    private final Map<Host, Long> disturbed = new LinkedHashMap<>();
    private final Set<String> diedByItself = new HashSet<>();

    /** Those that nobody wanted when it was looked at last, or that may have become so since. */
    private final Set<Copy> doubtful = new LinkedHashSet<>();

    private @Nullable Keeper keeper;

    /** One unit's processes on one machine. */
    private static final class Copy {
        private final Host host;
        private final String unit;
        private final Requirements wants;
        private long strayNanos = Long.MAX_VALUE;

        Copy(Host host, String unit, Requirements wants) {
            this.host = host;
            this.unit = unit;
            this.wants = wants;
        }
    }

    Copies(World world, Texts texts, Story story) {
        this.world = world;
        this.texts = texts;
        this.story = story;
    }

    void of(Keeper its) {
        keeper = its;
    }

    private boolean isTold(Copy copy) {
        return told(copy) != null;
    }

    private @Nullable Entry told(Copy copy) {
        Stored there =
                keeper == null ? null : keeper.get(new Key.OfPlacement(copy.host.id(), copy.unit));
        return there == null ? null : there.entry();
    }

    // What happens

    @Override
    public void started(Host host, String unit, String text) {
        story.tell(host.id(), "starts " + unit);
        Optional<Requirements> wants = texts.requirements(unit, text);
        if (wants.isEmpty()) {
            throw world.broken("only what can be honoured runs", "%s on %s", unit, host);
        }
        diedByItself.remove(on(host, unit));
        Copy copy = new Copy(host, unit, wants.get());
        copiesOf(unit).values().forEach(other -> requireAllowed(other, copy));
        copiesOf(unit).put(host, copy);
        doubtful.add(copy);
        Map<String, Copy> beside = besides(host);
        beside.values().forEach(other -> requireApart(copy, other));
        beside.put(unit, copy);
    }

    private Map<Host, Copy> copiesOf(String unit) {
        return byUnit.computeIfAbsent(unit, _ -> new LinkedHashMap<>());
    }

    private Map<String, Copy> besides(Host host) {
        return byHost.computeIfAbsent(host, _ -> new TreeMap<>());
    }

    @Override
    public void ended(Host host, String unit, boolean byItself) {
        story.tell(host.id(), "ends " + unit + (byItself ? ", by itself" : ""));
        copiesOf(unit).remove(host);
        besides(host).remove(unit);
        if (byItself) {
            diedByItself.add(on(host, unit));
        }
    }

    private static String on(Host host, String unit) {
        return host.id() + "/" + unit;
    }

    /** A unit's own end is the business of its {@code Restart=}: nobody starts it again. */
    boolean hasDiedByItself(Host host, String unit) {
        return diedByItself.contains(on(host, unit));
    }

    @Override
    public void thawed(Host host) {
        for (Copy copy : List.copyOf(besides(host).values())) {
            copiesOf(copy.unit).values().stream()
                    .filter(other -> other != copy)
                    .forEach(other -> requireAllowed(copy, other));
        }
    }

    // What is promised

    /** A machine of which nothing moves runs nothing; what it does then is looked at later. */
    private void requireAllowed(Copy one, Copy other) {
        boolean isRight = isTold(one) && !isTold(other);
        Copy first = isRight ? other : one;
        Copy second = isRight ? one : other;
        boolean global = first.wants.global() || second.wants.global();
        if (!global && !first.host.hasToNotice() && !mayOverlap(first, second)) {
            throw world.broken(
                    "no unit runs twice that must not",
                    "%s runs on %s (%s) and %s (%s)",
                    first.unit,
                    first.host,
                    first.wants.onLost().text(),
                    second.host,
                    second.wants.onLost().text());
        }
    }

    /** In a hand-over that says so; else once the first machine was given up for lost. */
    private boolean mayOverlap(Copy first, Copy second) {
        boolean handedOver =
                first.wants.handover() == Handover.START_FIRST
                        || second.wants.handover() == Handover.START_FIRST;
        return isTold(first) ? handedOver : first.wants.onLost() == OnLost.KEEP;
    }

    /** A machine of which something can't be read is on no board: what it has is only passed on. */
    boolean isOpaque(String machine) {
        return keeper != null
                && Stream.concat(
                                Stream.of(new Key.OfMachine(machine)),
                                Stream.of(Texts.NAMES)
                                        .map(name -> new Key.OfMetadata(machine, name)))
                        .map(keeper::get)
                        .anyMatch(its -> its != null && its.entry() instanceof Entry.Unreadable);
    }

    private void requireApart(Copy one, Copy other) {
        boolean conflicting = conflicts(one, other) || conflicts(other, one);
        if (conflicting && !isOpaque(one.host.id()) && isTold(one) && isTold(other)) {
            throw world.broken(
                    "conflicting units are apart",
                    "%s starts on %s beside %s",
                    one.unit,
                    one.host,
                    other.unit);
        }
    }

    private static boolean conflicts(Copy one, Copy other) {
        for (String glob : one.wants.conflicts()) {
            if (Glob.matches(glob, other.unit)) {
                return true;
            }
        }
        return false;
    }

    /** Looks after what takes time: to be called now and then. */
    void look() {
        for (Host host : byHost.keySet()) {
            boolean away = keeper == null || keeper.isAway();
            if (host.isDisturbed() || !host.isInCluster() || away) {
                disturbed.put(host, world.now());
            }
        }
        doubtful.removeIf(copy -> copiesOf(copy.unit).get(copy.host) != copy || !isStray(copy));
    }

    /** What a machine is told has changed. */
    void changed(Key key) {
        if (key instanceof Key.OfPlacement(String machine, String unit)) {
            copiesOf(unit).values().stream()
                    .filter(copy -> copy.host.id().equals(machine))
                    .forEach(doubtful::add);
        }
    }

    private boolean isStray(Copy copy) {
        boolean wanted =
                told(copy) instanceof Entry.OfPlacement its
                        ? !its.assignment().isWithdrawn()
                        : isTold(copy);
        copy.strayNanos = wanted ? Long.MAX_VALUE : Math.min(copy.strayNanos, world.now());
        long since = Math.max(copy.strayNanos, disturbed.getOrDefault(copy.host, 0L));
        if (copy.strayNanos != Long.MAX_VALUE && world.now() - since > STRAY_NANOS) {
            throw world.broken("a copy that nobody wants ends", "%s on %s", copy.unit, copy.host);
        }
        return !wanted;
    }

    boolean runs(Host host, String unit) {
        return copiesOf(unit).containsKey(host);
    }

    /** Who runs a unit. */
    Set<Host> hosts(String unit) {
        return copiesOf(unit).keySet();
    }

    /** All units of which something runs. */
    Set<String> units() {
        return byUnit.keySet();
    }
}
