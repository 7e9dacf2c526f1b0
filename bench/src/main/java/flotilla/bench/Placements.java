package flotilla.bench;

import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Machine;
import flotilla.fleet.schedule.Board;
import flotilla.fleet.schedule.Requirements;
import flotilla.fleet.schedule.Task;
import flotilla.platform.disk.Disk;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;

/**
 * The scheduler without a store or agents: how long a board takes to place units from scratch, and
 * to settle after one thing has changed; and what the whole engine takes for that. Times are those
 * of the processor in the one thread that decides, so that neighbours on the machine count little;
 * the clock's are beside them.
 */
public final class Placements {
    private static final long GIB = 1L << 30;
    private static final int ROUNDS = 7;

    /** Fewer: each takes seconds. */
    private static final int LARGE_ROUNDS = 2;

    private static final int EVENTS = 40;
    private static final int FAMILY = 100;
    private static final int LARGE_FAMILY = 1_000;

    /** The last of it; what nobody could look at need not be made. */
    private static final AtomicReference<byte[]> GARBAGE = new AtomicReference<>(new byte[0]);

    private Placements() {}

    /**
     * @param text what the i-th unit's [X-Fleet] section says
     * @param family how many instances a template has
     */
    private record Fleet(
            String title, int units, int machines, IntFunction<String> text, int family) {
        String name(int i) {
            return "app%05d@%d.service".formatted(i / family, i % family);
        }

        List<Task> tasks() {
            List<Task> tasks = new ArrayList<>(units);
            for (int i = 0; i < units; i++) {
                String name = name(i);
                String section = "[X-Fleet]\n" + text.apply(i) + "\n";
                // One object for all instances that say the same, as from one parsed text.
                boolean asBefore =
                        i % family != 0
                                && !section.contains("%i")
                                && text.apply(i).equals(text.apply(i - 1));
                Requirements wants =
                        asBefore
                                ? tasks.getLast().requirements()
                                : Requirements.of(name, section).orElseThrow();
                tasks.add(new Task(name, name.substring(0, name.indexOf('@')), wants, Set.of()));
            }
            return tasks;
        }

        Machine machine(int i, String zone) {
            long memory = Math.max(64, 4L * units / machines) * GIB;
            return new Machine(
                    "m%06d".formatted(i),
                    "",
                    "",
                    Map.of("zone", zone),
                    new Capacity(memory, 64_000),
                    "");
        }

        Board board(List<Task> tasks) {
            Board board = new Board();
            fill(board, tasks);
            return board;
        }

        void fill(Board board, List<Task> tasks) {
            for (int i = 0; i < machines; i++) {
                board.put(machine(i, "a"));
            }
            tasks.forEach(board::put);
        }
    }

    /** Takes no arguments. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createTempDirectory("flotilla-bench-");
        try {
            Facts.print(System.out, folder, List.of("schedule"));
        } finally {
            Disk.deleteTree(folder);
        }
        System.out.println(
                "| from scratch | units | machines | placed | ms (median) | placements/s | first, ms | by the clock, ms |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        for (Fleet fleet : fleets()) {
            fromScratch(fleet);
        }
        System.out.println();
        System.out.println(
                "| what happened, 10,000 units on 1,000 machines | ms (median) | worst | by the clock (median) |");
        System.out.println("|---|---|---|---|");
        events(new Fleet("", 10_000, 1_000, _ -> "Memory=256M", FAMILY));
        blocked(new Fleet("", 10_000, 1_000, _ -> "Conflicts=app*", FAMILY));
        System.out.println();
        EnginePasses.print();
        System.out.println();
        large();
    }

    private static List<Fleet> fleets() {
        return List.of(
                new Fleet("plain", 1_000, 100, _ -> "", FAMILY),
                new Fleet("plain", 1_000, 1_000, _ -> "", FAMILY),
                new Fleet("plain", 5_000, 100, _ -> "", FAMILY),
                new Fleet("plain", 10_000, 1_000, _ -> "", FAMILY),
                new Fleet(
                        "with `Memory=` and metadata",
                        10_000,
                        1_000,
                        _ -> "Memory=256M\nMachineMetadata=zone=a",
                        FAMILY),
                new Fleet(
                        "each of another size",
                        10_000,
                        1_000,
                        i -> "Memory=" + (100_000 + i) + "K",
                        FAMILY),
                new Fleet("each conflicts with all", 1_000, 1_000, _ -> "Conflicts=app*", FAMILY),
                new Fleet(
                        "`Conflicts=%p@*`, 100 templates",
                        10_000, 1_000, _ -> "Conflicts=%p@*", FAMILY),
                new Fleet(
                        "`Conflicts=%p@*`, one template",
                        10_000, 1_000, _ -> "Conflicts=%p@*", 10_000),
                new Fleet(
                        "`Conflicts=%p@*`, one template",
                        10_000, 100, _ -> "Conflicts=%p@*", 10_000));
    }

    private static void fromScratch(Fleet fleet) {
        List<Task> tasks = fleet.tasks();
        Times times = new Times();
        int[] placed = new int[1];
        for (int round = 0; round < ROUNDS; round++) {
            times.measure(() -> placed[0] = fleet.board(tasks).settle().size());
        }
        System.out.printf(
                Locale.ROOT,
                "| %s | %,d | %,d | %,d | %.1f | %,.0f | %.0f | %.1f |%n",
                fleet.title(),
                fleet.units(),
                fleet.machines(),
                placed[0],
                times.median(),
                placed[0] * 1_000 / times.median(),
                times.processor.getFirst(),
                Median.of(times.clock));
    }

    /** Of the processor in this thread, and by the clock, in milliseconds. */
    private static final class Times {
        private final List<Double> processor = new ArrayList<>();
        private final List<Double> clock = new ArrayList<>();

        void measure(Runnable work) {
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            long cpu = threads.getCurrentThreadCpuTime();
            long begun = System.nanoTime();
            work.run();
            clock.add((System.nanoTime() - begun) / 1e6);
            processor.add((threads.getCurrentThreadCpuTime() - cpu) / 1e6);
        }

        double median() {
            return Median.of(processor);
        }

        double worst() {
            return processor.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        }
    }

    private interface Change {
        void happen(int round);
    }

    private static void events(Fleet fleet) {
        List<Task> tasks = fleet.tasks();
        Board board = fleet.board(tasks);
        board.settle();
        confirm(board, tasks);
        measure("a machine says again what it is", board, i -> board.put(fleet.machine(i, "a")));
        measure(
                "a unit is where the board has it",
                board,
                i -> confirm(board, List.of(tasks.get(i))));
        measure("a machine's metadata change", board, i -> board.put(fleet.machine(i, "b" + i)));
        measure("a unit goes", board, i -> board.removeUnit(tasks.get(i).name()));
        measure("a unit comes", board, i -> board.put(tasks.get(i)));
        measure("a machine joins", board, i -> board.put(fleet.machine(fleet.machines() + i, "a")));
        measure("a machine is lost", board, i -> board.removeMachine(fleet.machine(i, "a").id()));
        measure("all machines are looked at again", board, i -> again(fleet, board, "c" + i));
        collectYoung();
        measure(
                "the same, right after a young collection",
                board,
                i -> again(fleet, board, "d" + i));
        measure(
                "a hundredth of the machines is lost (10, about 100 units)",
                board,
                i -> {
                    for (int m = 0; m < 10; m++) {
                        board.removeMachine(fleet.machine(100 + 10 * i + m, "").id());
                    }
                });
    }

    private static void again(Fleet fleet, Board board, String metadata) {
        for (int m = 100; m < fleet.machines(); m++) {
            board.put(fleet.machine(m, metadata));
        }
    }

    /**
     * Until the young generation was collected: what the board holds then lies together in memory,
     * in the order in which it is reached, which a full pass feels.
     */
    private static void collectYoung() {
        GarbageCollectorMXBean young = ManagementFactory.getGarbageCollectorMXBeans().getFirst();
        long before = young.getCollectionCount();
        while (young.getCollectionCount() == before) {
            GARBAGE.set(new byte[1_000]);
        }
    }

    private static void blocked(Fleet fleet) {
        List<Task> tasks = fleet.tasks();
        Board board = fleet.board(tasks);
        board.settle();
        measure(
                "a unit goes, 9,000 wait with `Conflicts=`",
                board,
                i -> board.removeUnit(tasks.get(i).name()));
        measure("a unit comes, 9,000 wait with `Conflicts=`", board, i -> board.put(tasks.get(i)));
        measure(
                "a machine joins, 9,000 wait with `Conflicts=`",
                board,
                i -> board.put(fleet.machine(fleet.machines() + i, "a")));
    }

    private static void measure(String what, Board board, Change change) {
        Times times = new Times();
        for (int round = 0; round < EVENTS; round++) {
            int i = round;
            times.measure(() -> {
                change.happen(i);
                board.settle();
            });
        }
        System.out.printf(
                Locale.ROOT,
                "| %s | %.3f | %.3f | %.3f |%n",
                what,
                times.median(),
                times.worst(),
                Median.of(times.clock));
    }

    /** The store says what the board said. */
    private static void confirm(Board board, List<Task> tasks) {
        for (Task task : tasks) {
            board.schedule()
                    .placement(task.name())
                    .ifPresent(place ->
                            board.put(
                                    new Task(
                                            task.name(),
                                            task.family(),
                                            task.requirements(),
                                            Set.of(place.machineId()))));
        }
    }

    private static void large() {
        Fleet fleet = new Fleet("", 1_000_000, 10_000, _ -> "Memory=256M", LARGE_FAMILY);
        List<Task> tasks = fleet.tasks();
        System.out.println(
                "| 1,000,000 units (1,000 templates) on 10,000 machines | from scratch, s | by the clock, s | a hundredth of the machines lost, ms | heap in use after it, MiB |");
        System.out.println("|---|---|---|---|---|");
        for (int round = 0; round < LARGE_ROUNDS; round++) {
            Board board = new Board();
            Times scratch = new Times();
            scratch.measure(() -> {
                fleet.fill(board, tasks);
                board.settle();
            });
            int pending = board.schedule().pending().size();
            Times lost = new Times();
            lost.measure(() -> {
                for (int i = 0; i < fleet.machines() / 100; i++) {
                    board.removeMachine(fleet.machine(100 * i, "").id());
                }
                board.settle();
            });
            System.gc();
            long used = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
            System.out.printf(
                    Locale.ROOT,
                    "| round %d: %,d placed | %.1f | %.1f | %.0f | %,d |%n",
                    round + 1,
                    fleet.units() - pending,
                    scratch.median() / 1_000,
                    Median.of(scratch.clock) / 1_000,
                    lost.median(),
                    used >> 20);
        }
    }
}
