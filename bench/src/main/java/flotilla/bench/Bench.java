package flotilla.bench;

import flotilla.conformance.servers.Program;
import flotilla.platform.disk.Disk;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Stores under the same load in the same run: as many members each, real fsync, rounds in turn. The
 * figure to trust is the median of the ratios within a round, for all saw the same machine.
 */
public final class Bench {
    /**
     * Requests of each workload that each server answers before anything is measured. Three JVMs
     * compile on the processors they share, so a count tells more than a time; it still is little
     * for a lone writer, with whom a JVM gets faster up to twice as many.
     */
    private static final long WARM_UP_REQUESTS = 25_000;

    /** After so long a workload counts as warm on any machine. */
    private static final Duration WARM_UP = Duration.ofSeconds(72);

    private final Options options;
    private final PrintStream out;

    private Bench(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** See {@link Options} for the arguments. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Options options = Options.parse(List.of(arguments));
        new Bench(options, System.out).run();
        System.exit(0);
    }

    private void run() throws IOException, InterruptedException {
        Path folder = Files.createDirectories(options.folder());
        Path run = Files.createTempDirectory(folder, "bench-");
        try {
            Facts.print(out, run, options.arguments());
            Table table = options.cold() ? cold(run) : warm(run);
            out.println();
            table.print(out);
        } finally {
            Disk.deleteTree(run);
        }
    }

    private Table warm(Path run) throws IOException, InterruptedException {
        List<Side> sides = new ArrayList<>();
        Table table = new Table(options);
        try {
            for (Program program : options.sides()) {
                sides.add(Side.start(program, options, run.resolve("side" + sides.size())));
            }
            for (Workload workload : options.workloads()) {
                for (Side side : sides) {
                    warmUp(side.load(), workload);
                }
            }
            for (int round = 0; round < options.rounds(); round++) {
                for (Workload workload : options.workloads()) {
                    for (int side : inTurn(round)) {
                        table.add(side, workload, measured(round, workload, sides.get(side)));
                    }
                }
            }
            return table;
        } finally {
            sides.forEach(Side::close);
        }
    }

    /** Nothing else runs meanwhile, not even the members of the others. */
    private Table cold(Path run) throws IOException, InterruptedException {
        Table table = new Table(options);
        for (int round = 0; round < options.rounds(); round++) {
            for (Workload workload : options.workloads()) {
                for (int number : inTurn(round)) {
                    Path folder = Files.createTempDirectory(run, "cold-");
                    try (Side side = Side.start(options.sides().get(number), options, folder)) {
                        table.add(number, workload, measured(round, workload, side));
                    }
                    Disk.deleteTree(folder);
                }
            }
        }
        return table;
    }

    /** Who goes first changes from round to round. */
    private List<Integer> inTurn(int round) {
        List<Integer> order = new ArrayList<>();
        for (int side = 0; side < options.sides().size(); side++) {
            order.add(side);
        }
        Collections.rotate(order, round);
        return order;
    }

    private void warmUp(Load load, Workload workload) throws InterruptedException {
        double answered = 0;
        Duration spent = Duration.ZERO;
        while (answered < WARM_UP_REQUESTS && spent.compareTo(WARM_UP) < 0) {
            answered += load.run(workload, options.seconds()).answered(options.seconds());
            spent = spent.plus(options.seconds());
        }
    }

    private Measured measured(int round, Workload workload, Side side)
            throws IOException, InterruptedException {
        Measured measured = side.measure(workload, options.seconds());
        Result result = measured.result();
        out.printf(
                Locale.ROOT,
                "round %d  %-30s %-8s %,9.0f/s  p50 %,8.0f us  p99 %,8.0f us  %4.1f switches%s%n",
                round + 1,
                workload.title(),
                side.name(),
                result.perSecond(),
                result.p50Micros(),
                result.p99Micros(),
                measured.switches(),
                result.errors() == 0 ? "" : "  " + result.errors() + " errors");
        return measured;
    }
}
