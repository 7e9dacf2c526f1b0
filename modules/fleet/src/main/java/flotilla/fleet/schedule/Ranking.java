package flotilla.fleet.schedule;

import flotilla.units.Preferences;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What makes one of the machines that fit better than another. The first ranking in which two
 * differ decides, the lower number wins; machines alike in all go by id.
 */
enum Ranking {
    /** Instances of the same template where the machine's metadata say the same. */
    SPREAD_OVER("SpreadOver") {
        @Override
        long cost(Seat seat, Shape shape, Tally tally) {
            return tally.of(tally.value(seat));
        }

        @Override
        String words(long cost) {
            return cost == Tally.ABSENT ? "none" : Long.toString(cost);
        }
    },
    /** Units there that it would rather be without. */
    AVOIDED_UNITS("AvoidMachineOf") {
        @Override
        long cost(Seat seat, Shape shape, Tally tally) {
            return seat.avoided(shape);
        }
    },
    /** Keys of metadata that say what it would rather avoid. */
    AVOIDED_METADATA("AvoidMachineMetadata") {
        @Override
        long cost(Seat seat, Shape shape, Tally tally) {
            return met(seat, shape.wants.preferences().avoidedMetadata());
        }
    },
    /** Units there that it would rather be beside. */
    PREFERRED_UNITS("PreferMachineOf") {
        @Override
        long cost(Seat seat, Shape shape, Tally tally) {
            return -shape.wants.preferences().units().stream().filter(seat::has).count();
        }

        @Override
        String words(long cost) {
            return Long.toString(-cost);
        }
    },
    /** Keys of metadata that say what it prefers. */
    PREFERRED_METADATA("PreferMachineMetadata") {
        @Override
        long cost(Seat seat, Shape shape, Tally tally) {
            return -met(seat, shape.wants.preferences().metadata());
        }

        @Override
        String words(long cost) {
            return Long.toString(-cost);
        }
    },
    /**
     * What is left of memory or CPU, whichever is less, once the unit is there, in 1/10,000; where
     * CPU is asked for more than once already, how much so: that comes last.
     */
    FREE("free") {
        @Override
        long cost(Seat seat, Shape shape, Tally tally) {
            long load = load(seat, shape);
            return load > SHARE_SCALE ? load : SHARE_SCALE - load;
        }

        @Override
        String words(long cost) {
            return cost > SHARE_SCALE ? "over" : percent(cost);
        }
    },
    /** Instances of the same template that are there. */
    INSTANCES("instances") {
        @Override
        long cost(Seat seat, Shape shape, Tally tally) {
            return seat.relatives(shape);
        }
    },
    /** The larger of the shares of memory and CPU in use once the unit is there, in 1/10,000. */
    LOAD("load") {
        @Override
        long cost(Seat seat, Shape shape, Tally tally) {
            return load(seat, shape);
        }

        @Override
        String words(long cost) {
            return percent(cost);
        }
    },
    /** Units that are there. */
    UNITS("units") {
        @Override
        long cost(Seat seat, Shape shape, Tally tally) {
            return seat.count();
        }
    };

    private static final long SHARE_SCALE = 10_000;

    /** Of units that say nothing. */
    static final List<Ranking> USUAL = List.of(INSTANCES, LOAD, UNITS);

    private static final List<Ranking> PACKED = List.of(FREE, INSTANCES, UNITS);

    private final String title;

    Ranking(String title) {
        this.title = title;
    }

    /** The option that it is about, or what else people know it by. */
    String title() {
        return title;
    }

    /**
     * @param tally made for that shape
     */
    abstract long cost(Seat seat, Shape shape, Tally tally);

    Score score(long cost) {
        return new Score(title, cost, words(cost));
    }

    /** What it says of a machine, for people. */
    String words(long cost) {
        return Long.toString(cost);
    }

    /** Those that units with these preferences go by; the first weighs most. */
    static List<Ranking> of(Preferences wishes, String family) {
        if (wishes.equals(Preferences.NONE)) {
            return USUAL;
        }
        List<Ranking> rankings = new ArrayList<>();
        add(rankings, SPREAD_OVER, wishes.spreadOver().isPresent() && !family.isEmpty());
        add(rankings, AVOIDED_UNITS, !wishes.avoidedUnits().isEmpty());
        add(rankings, AVOIDED_METADATA, !wishes.avoidedMetadata().isEmpty());
        add(rankings, PREFERRED_UNITS, !wishes.units().isEmpty());
        add(rankings, PREFERRED_METADATA, !wishes.metadata().isEmpty());
        rankings.addAll(wishes.packed().orElse(false) ? PACKED : USUAL);
        return Collections.unmodifiableList(rankings);
    }

    private static void add(List<Ranking> rankings, Ranking one, boolean wanted) {
        if (wanted) {
            rankings.add(one);
        }
    }

    /** Of how many keys a machine has one of the values. */
    private static long met(Seat seat, Map<String, Set<String>> wanted) {
        Map<String, String> metadata = seat.machine().metadata();
        return wanted.entrySet().stream()
                .filter(any -> metadata.containsKey(any.getKey()))
                .filter(any -> any.getValue().contains(metadata.get(any.getKey())))
                .count();
    }

    private static String percent(long share) {
        return String.format(Locale.ROOT, "%.1f%%", share / 100.0);
    }

    static long load(Seat seat, Shape shape) {
        Demand demand = shape.wants.demand();
        return Math.max(
                share(
                        seat.memoryCounted() + demand.memoryOrDefault(),
                        seat.machine().capacity().memoryBytes()),
                share(
                        seat.milliCpusCounted() + demand.milliCpusOrDefault(),
                        seat.machine().capacity().milliCpus()));
    }

    /** In 1/10,000; 0 of what is not known. */
    static long share(long taken, long total) {
        return total == 0
                ? 0
                : Math.multiplyHigh(taken, SHARE_SCALE) != 0
                        ? Long.MAX_VALUE
                        : taken * SHARE_SCALE / total;
    }
}
