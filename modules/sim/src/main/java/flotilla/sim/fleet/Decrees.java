package flotilla.sim.fleet;

import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.job.Acknowledgement;
import flotilla.fleet.job.Job;
import flotilla.sim.fleet.host.Host;
import flotilla.sim.fleet.keeper.Keeper;
import flotilla.sim.fleet.keeper.Write;
import flotilla.sim.world.World;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What engines and agents write, against what they promise of it. */
final class Decrees implements Keeper.Observer {
    /** Moves of one unit that nobody asked for, after all is mended. */
    private static final int MOVES_MAX = 12;

    /** By how much engines' calendars may be wrong. */
    private static final long CALENDAR_MILLIS = 2_000;

    /** How long an engine may be at work by what it knew before. */
    private static final long NEWS_NANOS = 10_000_000_000L;

    private final World world;
    private final Texts read;
    private final Copies copies;
    private final Story story;
    private final Map<String, Host> hosts = new HashMap<>();
    private final Map<String, Integer> moves = new HashMap<>();

    /** By unit, the text that it has; and the other way round. */
    private final Map<String, String> texts = new HashMap<>();

    private final Map<String, Set<String>> used = new HashMap<>();

    /** By unit, from when engines know what speaks against it, which could not be read before. */
    private final Map<String, Long> knownNanos = new HashMap<>();

    private @Nullable Keeper keeper;
    private @Nullable Waves waves;
    private @Nullable Annals annals;
    private @Nullable Parade parade;
    private @Nullable Neighbours neighbours;
    private long lastDecree;
    private long decrees;
    private boolean calm;

    Decrees(World world, Texts texts, Copies copies, Story story) {
        this.world = world;
        this.read = texts;
        this.copies = copies;
        this.story = story;
    }

    void of(Keeper its, List<Host> all) {
        keeper = its;
        waves = new Waves(world, its);
        annals = new Annals(world, its);
        parade = new Parade(world, its);
        neighbours = new Neighbours(world, its, read, copies);
        all.forEach(host -> hosts.put(host.id(), host));
    }

    /** From now on nothing goes wrong and nobody wants anything. */
    void calm() {
        calm = true;
        moves.clear();
    }

    /** When an engine last wrote something. */
    long lastNanos() {
        return lastDecree;
    }

    long count() {
        return decrees;
    }

    private @Nullable Entry now(Key key) {
        Stored there = keeper == null ? null : keeper.get(key);
        return there == null ? null : there.entry();
    }

    @Override
    public void commits(Write write) {
        for (Entry entry : write.puts()) {
            if (entry instanceof Entry.OfAcknowledgement said) {
                requireTrue(said);
            } else if (entry instanceof Entry.OfLeaving(String machine, boolean stopped)) {
                requireStopped(machine, stopped);
            }
        }
        if (write.guard() != 0) {
            lastDecree = world.now();
            decrees++;
            if (annals != null && parade != null && neighbours != null) {
                annals.written(write);
                parade.written(write);
                neighbours.written(write);
            }
            write.puts().forEach(this::decreed);
            write.deletes().forEach(this::removed);
        }
    }

    @Override
    public void changed(long revision, List<Change> changes) {
        world.note("revision", revision);
        for (Change change : changes) {
            story.tell("store", change);
            copies.changed(key(change));
            if (waves != null) {
                waves.changed(change);
            }
            if (parade != null && neighbours != null) {
                parade.changed(change);
                neighbours.changed(change);
            }
            note(change);
        }
    }

    private void note(Change change) {
        switch (change) {
            case Change.Put(Entry.OfJob(Job job), long _) -> uses(job.name(), job.hash());
            case Change.Put(Entry.Unreadable(Key.OfJob(String unit)), long _) -> uses(unit, "");
            case Change.Removed(Key.OfJob(String unit)) -> uses(unit, "");
            case Change.Put(Entry.Unreadable(Key.OfStrikes(String unit)), long _) ->
                    knownNanos.put(unit, Long.MAX_VALUE);
            case Change.Put(Entry.OfStrikes its, long _) ->
                    knownNanos.computeIfPresent(
                            its.unit(), (_, known) -> Math.min(known, world.now() + NEWS_NANOS));
            default -> {}
        }
    }

    private static Key key(Change change) {
        return switch (change) {
            case Change.Put(Entry entry, long _) -> entry.key();
            case Change.Removed(Key key) -> key;
        };
    }

    private void uses(String unit, String hash) {
        String before = texts.put(unit, hash);
        if (before != null) {
            used.getOrDefault(before, new TreeSet<>()).remove(unit);
        }
        if (!hash.isEmpty()) {
            used.computeIfAbsent(hash, _ -> new TreeSet<>()).add(unit);
        }
    }

    private void requireTrue(Entry.OfAcknowledgement its) {
        Acknowledgement said = its.said();
        Stored told =
                keeper == null
                        ? null
                        : keeper.get(new Key.OfPlacement(its.machineId(), its.unit()));
        Host host = hosts.get(its.machineId());
        if (said.released()
                && told != null
                && told.revision() == said.placement()
                && host != null
                && copies.runs(host, its.unit())) {
            throw world.broken(
                    "who says that nothing is left of a unit runs nothing of it",
                    "%s on %s",
                    its.unit(),
                    host);
        }
    }

    private void requireStopped(String machine, boolean said) {
        Host host = hosts.get(machine);
        if (said && host != null && !host.running().isEmpty()) {
            throw world.broken(
                    "who says that all its units have stopped runs none",
                    "%s runs %s",
                    host,
                    host.running().keySet());
        }
    }

    private void decreed(Entry entry) {
        switch (entry) {
            case Entry.OfPlacement its -> {
                placed(its);
                if (waves != null) {
                    waves.tells(its);
                }
            }
            case Entry.OfOwner its -> owned(its);
            default -> {}
        }
    }

    private void placed(Entry.OfPlacement its) {
        Entry before = now(its.key());
        boolean comes = !its.assignment().isWithdrawn();
        boolean wasThere =
                before instanceof Entry.OfPlacement there && !there.assignment().isWithdrawn();
        if (comes && before == null && now(new Key.OfEligibility(its.machineId())) != null) {
            throw world.broken("no unit comes to a cordoned machine", "%s", its);
        }
        if (!comes && wasThere) {
            requireReadable(its.unit(), "withdrawn from " + its.machineId());
        }
    }

    private void owned(Entry.OfOwner its) {
        if (now(new Key.OfStrikes(its.unit())) instanceof Entry.OfStrikes against
                && now(new Key.OfJob(its.unit())) instanceof Entry.OfJob(Job job)
                && now(its.key()) == null
                && world.now() >= knownNanos.getOrDefault(its.unit(), 0L)
                && against.strikes().concerns(job)
                && against.strikes()
                        .hold(FleetSimulation.wallMillis(world) + CALENDAR_MILLIS)
                        .isPresent()) {
            throw world.broken("a unit that machines die of waits", "%s: %s", its, against);
        }
        int count = moves.merge(its.unit(), 1, Integer::sum);
        if (calm && count > MOVES_MAX) {
            throw world.broken("units come to rest", "%s was moved %d times", its, count);
        }
    }

    private void removed(Key key) {
        switch (key) {
            case Key.OfPlacement(String machine, String unit) -> {
                boolean there = now(new Key.OfMachine(machine)) != null;
                boolean kept =
                        now(key) instanceof Entry.OfPlacement its
                                && !its.assignment().isWithdrawn();
                if (there && kept) {
                    requireReadable(unit, "taken from " + machine);
                }
            }
            case Key.OfText(String hash) -> requireUnused(hash);
            default -> {}
        }
    }

    private void requireReadable(String unit, String what) {
        if (now(new Key.OfJob(unit)) instanceof Entry.Unreadable) {
            throw world.broken("what can't be read is left alone", "%s is %s", unit, what);
        }
    }

    private void requireUnused(String hash) {
        Set<String> units = used.getOrDefault(hash, Set.of());
        if (!units.isEmpty()) {
            throw world.broken("a text that a unit has stays", "%s of %s", hash, units);
        }
    }
}
