package flotilla.fleet.schedule;

import flotilla.fleet.job.Eligibility;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a machine must be, have or be without for a unit to run there. Each looks at the unit's
 * shape only, and at the one machine; whether it holds costs no text, and its words are asked for
 * only where it does not.
 */
enum Check {
    MACHINE_ID("MachineID") {
        @Override
        boolean holds(Seat seat, Shape shape) {
            Optional<String> wanted = shape.wants.machineId();
            return wanted.isEmpty()
                    || wanted.get().equals(seat.id())
                    || wanted.get().equals(seat.machine().shortId());
        }

        @Override
        String words(Seat seat, Shape shape) {
            return "MachineID=" + shape.wants.machineId().orElse("") + " is another machine";
        }
    },
    METADATA("MachineMetadata") {
        @Override
        boolean holds(Seat seat, Shape shape) {
            return missing(seat, shape.wants.metadata()) == null;
        }

        @Override
        String words(Seat seat, Shape shape) {
            String key = String.valueOf(missing(seat, shape.wants.metadata()));
            Set<String> any = shape.wants.metadata().getOrDefault(key, Set.of());
            return "metadata " + key + "=" + String.join("|", any) + " not met";
        }
    },
    MACHINE_OF("MachineOf") {
        @Override
        boolean holds(Seat seat, Shape shape) {
            return !shape.follows() || shape.wants.machineOf().stream().allMatch(seat::has);
        }

        @Override
        String words(Seat seat, Shape shape) {
            return shape.wants.machineOf().stream()
                    .filter(name -> !seat.has(name))
                    .findFirst()
                    .map(name -> "MachineOf=" + name + " is not here")
                    .orElse("");
        }
    },
    CONFLICTS("Conflicts") {
        @Override
        boolean holds(Seat seat, Shape shape) {
            return !seat.clashes(shape);
        }

        @Override
        String words(Seat seat, Shape shape) {
            return first(seat, line -> line.shape.isNamedBy(shape.conflicts))
                    .or(() -> first(seat, line -> line.shape.clashes(shape)))
                    .map(name -> "conflicts with " + name)
                    .orElse("");
        }
    },
    REPLACES("Replaces") {
        @Override
        boolean holds(Seat seat, Shape shape) {
            return !seat.replaces(shape);
        }

        @Override
        String words(Seat seat, Shape shape) {
            return first(seat, line -> line.shape.replaces(shape))
                    .map(name -> "replaced by " + name)
                    .orElse("");
        }
    },
    /** Of a unit that comes: all that is there counts, and a little for who asks for nothing. */
    MEMORY("Memory") {
        @Override
        boolean holds(Seat seat, Shape shape) {
            long wanted = memory(seat, shape);
            return wanted == 0 || wanted <= seat.memoryFreeFor(shape);
        }

        @Override
        String words(Seat seat, Shape shape) {
            return needs(memory(seat, shape), seat.memoryFreeFor(shape));
        }
    },
    /** Of a unit that is there: who asks for nothing never pushes out one that does. */
    MEMORY_KEPT("Memory") {
        @Override
        boolean holds(Seat seat, Shape shape) {
            long wanted = memory(seat, shape);
            return wanted == 0 || wanted <= seat.memoryNotAskedFor();
        }

        @Override
        String words(Seat seat, Shape shape) {
            return needs(memory(seat, shape), seat.memoryNotAskedFor());
        }
    },
    CPU("CPU") {
        @Override
        boolean holds(Seat seat, Shape shape) {
            long all = seat.machine().capacity().milliCpus();
            return all == 0 || shape.wants.demand().milliCpus().orElse(0) <= all;
        }

        @Override
        String words(Seat seat, Shape shape) {
            return "needs %s CPUs, has %s"
                    .formatted(
                            Size.cpus(shape.wants.demand().milliCpus().orElse(0)),
                            Size.cpus(seat.machine().capacity().milliCpus()));
        }
    },
    ELIGIBILITY("eligibility") {
        @Override
        boolean holds(Seat seat, Shape shape) {
            return seat.machine().eligibility() == Eligibility.READY;
        }

        @Override
        String words(Seat seat, Shape shape) {
            return "is " + seat.machine().eligibility().text();
        }
    };

    /** What the unit asks of its machine; room and eligibility aside. */
    static final List<Check> CONDITIONS =
            List.of(MACHINE_ID, METADATA, MACHINE_OF, CONFLICTS, REPLACES);

    /** For a unit to come. */
    static final List<Check> ARRIVAL =
            List.of(
                    MACHINE_ID,
                    METADATA,
                    MACHINE_OF,
                    CONFLICTS,
                    REPLACES,
                    MEMORY,
                    CPU,
                    ELIGIBILITY);

    /** For a unit that is there to stay. */
    static final List<Check> STAY =
            List.of(MACHINE_ID, METADATA, MACHINE_OF, CONFLICTS, REPLACES, MEMORY_KEPT, CPU);

    /** For a global unit to come: room is no reason. */
    static final List<Check> GLOBAL =
            List.of(MACHINE_ID, METADATA, MACHINE_OF, CONFLICTS, REPLACES, ELIGIBILITY);

    private final String title;

    Check(String title) {
        this.title = title;
    }

    /** The option that it is about, or what else people know it by. */
    String title() {
        return title;
    }

    abstract boolean holds(Seat seat, Shape shape);

    /** Why it does not hold; only where it does not. */
    abstract String words(Seat seat, Shape shape);

    /** The first that does not hold. */
    static @Nullable Check broken(List<Check> checks, Seat seat, Shape shape) {
        for (Check check : checks) {
            if (!check.holds(seat, shape)) {
                return check;
            }
        }
        return null;
    }

    static boolean allHold(List<Check> checks, Seat seat, Shape shape) {
        return broken(checks, seat, shape) == null;
    }

    private static @Nullable String missing(Seat seat, Map<String, Set<String>> wanted) {
        if (wanted.isEmpty()) {
            return null;
        }
        for (Map.Entry<String, Set<String>> entry : wanted.entrySet()) {
            String value = seat.machine().metadata().get(entry.getKey());
            if (value == null || !entry.getValue().contains(value)) {
                return entry.getKey();
            }
        }
        return null;
    }

    /** What the unit asks for in bytes; 0 where the machine does not say what it has. */
    private static long memory(Seat seat, Shape shape) {
        return seat.machine().capacity().memoryBytes() == 0
                ? 0
                : shape.wants.demand().memoryBytes().orElse(0);
    }

    private static String needs(long wanted, long free) {
        return "needs " + Size.text(wanted) + ", " + Size.text(free) + " free";
    }

    private static Optional<String> first(Seat seat, Predicate<Line> which) {
        return seat.lines().stream()
                .filter(which)
                .map(line -> line.name)
                .min(Comparator.naturalOrder());
    }
}
