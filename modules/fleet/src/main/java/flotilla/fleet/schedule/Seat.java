package flotilla.fleet.schedule;

import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Machine;
import flotilla.fleet.schedule.Roster.Line;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One machine with the units it has been given so far in a pass: their numbers and sums, so that
 * asking whether one more fits does not look at them all.
 */
final class Seat {
    private static final long SHARE_SCALE = 10_000;

    final Machine machine;
    private final Roster roster;
    private final BitSet units = new BitSet();
    private final BitSet unitsThatReplace = new BitSet();

    /** Whom units here conflict with, and the first unit here that does. */
    private final IdentityHashMap<BitSet, Integer> conflicts = new IdentityHashMap<>();

    private final Map<String, Integer> family = new HashMap<>();
    private long memoryAsked;
    private long memoryCounted;
    private long milliCpusCounted;

    Seat(Machine machine, Roster roster) {
        this.machine = machine;
        this.roster = roster;
    }

    void take(Task task) {
        Demand demand = task.requirements().demand();
        Line line = roster.line(task);
        units.set(line.number());
        if (!line.conflicts().isEmpty()) {
            conflicts.merge(line.conflicts(), line.number(), Math::min);
        }
        if (!line.replaces().isEmpty()) {
            unitsThatReplace.set(line.number());
        }
        if (!task.family().isEmpty()) {
            family.merge(task.family(), 1, Integer::sum);
        }
        memoryAsked += demand.memoryBytes().orElse(0);
        memoryCounted += demand.memoryOrDefault();
        milliCpusCounted += demand.milliCpusOrDefault();
    }

    boolean has(String unit) {
        Line line = roster.find(unit);
        return line != null && units.get(line.number());
    }

    /** Why the unit can't start here; empty when it can. */
    Optional<String> refuses(Task task) {
        return condition(task)
                .or(() -> noRoom(task.requirements().demand(), memoryCounted - yielded(task)))
                .or(this::closed);
    }

    boolean isDraining() {
        return machine.eligibility() == Eligibility.DRAINING;
    }

    /** Why no unit comes here, whatever it asks for. */
    private Optional<String> closed() {
        return switch (machine.eligibility()) {
            case READY -> Optional.empty();
            case CORDONED, DRAINING -> Optional.of("is " + machine.eligibility().text());
        };
    }

    /** The units here that would have to leave if this one came. */
    List<Task> replacedBy(Task task) {
        Line line = roster.line(task);
        return line.replaces().intersects(units)
                ? common(line.replaces(), units).stream()
                        .mapToObj(roster::line)
                        .filter(line::replaces)
                        .map(Line::task)
                        .toList()
                : List.of();
    }

    private static BitSet common(BitSet one, BitSet other) {
        BitSet both = (BitSet) one.clone();
        both.and(other);
        return both;
    }

    private long yielded(Task task) {
        return replacedBy(task).stream()
                .mapToLong(replaced -> replaced.requirements().demand().memoryOrDefault())
                .sum();
    }

    /**
     * Why the unit that is here already can't stay. Counts only memory that was asked for: units
     * that ask for nothing never push one out that does.
     */
    Optional<String> evicts(Task task) {
        return condition(task).or(() -> noRoom(task.requirements().demand(), memoryAsked));
    }

    /** Why a global unit does not run here; room is no reason. */
    Optional<String> excludes(Task task) {
        boolean stays = task.current().contains(machine.id()) && !isDraining();
        return condition(task).or(() -> stays ? Optional.empty() : closed());
    }

    /** What the unit asks of its machine, and this one does not give; room aside. */
    Optional<String> condition(Task task) {
        Requirements wants = task.requirements();
        if (wants.machineId().isPresent() && !isMe(wants.machineId().get())) {
            return Optional.of("MachineID=" + wants.machineId().get() + " is another machine");
        }
        return metadata(wants.metadata())
                .or(() -> companion(wants.machineOf()))
                .or(() -> conflict(task))
                .or(() -> replacement(task));
    }

    private boolean isMe(String id) {
        return id.equals(machine.id()) || id.equals(machine.shortId());
    }

    private Optional<String> metadata(Map<String, Set<String>> wanted) {
        for (Map.Entry<String, Set<String>> entry : wanted.entrySet()) {
            String value = machine.metadata().get(entry.getKey());
            if (value == null || !entry.getValue().contains(value)) {
                String options = String.join("|", entry.getValue());
                return Optional.of("metadata " + entry.getKey() + "=" + options + " not met");
            }
        }
        return Optional.empty();
    }

    private Optional<String> companion(List<String> names) {
        return names.stream()
                .filter(name -> !has(name))
                .findFirst()
                .map(name -> "MachineOf=" + name + " is not here");
    }

    private Optional<String> conflict(Task task) {
        Line line = roster.line(task);
        int other = Integer.MAX_VALUE;
        if (line.conflicts().intersects(units)) {
            other = common(line.conflicts(), units).nextSetBit(0);
        } else {
            for (Map.Entry<BitSet, Integer> here : conflicts.entrySet()) {
                if (here.getKey().get(line.number())) {
                    other = Math.min(other, here.getValue());
                }
            }
        }
        return other == Integer.MAX_VALUE
                ? Optional.empty()
                : Optional.of("conflicts with " + roster.line(other).task().name());
    }

    private Optional<String> replacement(Task task) {
        Line line = roster.line(task);
        return unitsThatReplace.stream()
                .mapToObj(roster::line)
                .filter(other -> other.replaces(line))
                .findFirst()
                .map(other -> "replaced by " + other.task().name());
    }

    private Optional<String> noRoom(Demand demand, long memoryTaken) {
        long memory = machine.capacity().memoryBytes();
        long milliCpus = machine.capacity().milliCpus();
        if (memory > 0 && demand.memoryBytes().isPresent()) {
            long wants = demand.memoryBytes().getAsLong();
            long free = Math.max(0, memory - memoryTaken);
            if (wants > free) {
                return Optional.of("needs " + Size.text(wants) + ", " + Size.text(free) + " free");
            }
        }
        if (milliCpus > 0 && demand.milliCpus().orElse(0) > milliCpus) {
            return Optional.of(
                    "needs %s CPUs, has %s"
                            .formatted(
                                    Size.cpus(demand.milliCpus().getAsLong()),
                                    Size.cpus(milliCpus)));
        }
        return Optional.empty();
    }

    int relatives(Task task) {
        return task.family().isEmpty() ? 0 : family.getOrDefault(task.family(), 0);
    }

    /** The larger of the shares of memory and CPU in use once the unit is here too. */
    long loadWith(Task task) {
        Demand demand = task.requirements().demand();
        return Math.max(
                share(memoryCounted + demand.memoryOrDefault(), machine.capacity().memoryBytes()),
                share(
                        milliCpusCounted + demand.milliCpusOrDefault(),
                        machine.capacity().milliCpus()));
    }

    private static long share(long taken, long total) {
        return total == 0
                ? 0
                : Math.multiplyHigh(taken, SHARE_SCALE) != 0
                        ? Long.MAX_VALUE
                        : taken * SHARE_SCALE / total;
    }

    int count() {
        return units.cardinality();
    }
}
