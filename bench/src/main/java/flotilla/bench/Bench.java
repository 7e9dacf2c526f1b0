package flotilla.bench;

import flotilla.conformance.servers.Cluster;
import flotilla.conformance.servers.Program;
import flotilla.platform.disk.Disk;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Both stores under the same load in the same run: three members each, real fsync, rounds in turn.
 * The figure to trust is the median of the ratios within a round, for both saw the same machine.
 */
public final class Bench {
    private static final int MEMBERS = 3;

    /**
     * Requests of each workload that each server answers before anything is measured. Three JVMs
     * compile on the processors they share, so a count tells more than a time; it still is little
     * for a lone writer, with whom a JVM gets faster up to twice as many.
     */
    private static final long WARM_UP_REQUESTS = 25_000;

    /** Seconds after which a workload counts as warm on any machine. */
    private static final long WARM_UP_SECONDS = 72;

    private final Options options;
    private final PrintStream out;
    private final Map<Workload, List<Result>> original = new EnumMap<>(Workload.class);
    private final Map<Workload, List<Result>> ours = new EnumMap<>(Workload.class);

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
        try (Cluster etcd = Cluster.of(Program.ETCD, MEMBERS, run.resolve("etcd")).start();
                Cluster flotilla =
                        Cluster.of(options.against(), MEMBERS, run.resolve("flotilla")).start();
                Load onEtcd = new Load(etcd.addresses(), connections());
                Load onFlotilla = new Load(flotilla.addresses(), connections())) {
            Facts.print(out, run, options.arguments());
            warmUp(onEtcd, onFlotilla);
            for (int round = 1; round <= options.rounds(); round++) {
                for (Workload workload : options.workloads()) {
                    measure(round, workload, List.of(onEtcd, onFlotilla));
                }
            }
            table();
        } finally {
            Disk.deleteTree(run);
        }
    }

    private int connections() {
        return options.workloads().stream().mapToInt(Workload::connections).max().orElse(1);
    }

    private void warmUp(Load etcd, Load flotilla) throws InterruptedException {
        for (Workload workload : options.workloads()) {
            warmUp(etcd, workload);
            warmUp(flotilla, workload);
        }
    }

    private void warmUp(Load load, Workload workload) throws InterruptedException {
        double answered = 0;
        for (long spent = 0;
                answered < WARM_UP_REQUESTS && spent < WARM_UP_SECONDS;
                spent += options.seconds().toSeconds()) {
            answered +=
                    load.run(workload, options.seconds()).perSecond()
                            * options.seconds().toSeconds();
        }
    }

    /** Who goes first changes from round to round. */
    private void measure(int round, Workload workload, List<Load> both)
            throws InterruptedException {
        int first = round % 2;
        for (int side : new int[] {first, 1 - first}) {
            Result result = both.get(side).run(workload, options.seconds());
            (side == 0 ? original : ours)
                    .computeIfAbsent(workload, w -> new ArrayList<>())
                    .add(result);
            out.printf(
                    Locale.ROOT,
                    "round %d  %-30s %-8s %,9.0f/s  p50 %,8.0f us  p99 %,8.0f us%s%n",
                    round,
                    workload.title(),
                    side == 0 ? "etcd" : options.second(),
                    result.perSecond(),
                    result.p50Micros(),
                    result.p99Micros(),
                    result.errors() == 0 ? "" : "  " + result.errors() + " errors");
        }
    }

    private void table() {
        out.println();
        out.printf("| | etcd | %1$s | ratio | p99 etcd | p99 %1$s |%n", options.second());
        out.println("|---|---|---|---|---|---|");
        for (Workload workload : options.workloads()) {
            List<Result> left = original.getOrDefault(workload, List.of());
            List<Result> right = ours.getOrDefault(workload, List.of());
            List<Double> ratios = new ArrayList<>();
            for (int i = 0; i < left.size(); i++) {
                ratios.add(right.get(i).perSecond() / left.get(i).perSecond());
            }
            out.printf(
                    Locale.ROOT,
                    "| %s | %,.0f/s | %,.0f/s | %.2f | %,.1f ms | %,.1f ms |%n",
                    workload.title(),
                    Median.of(left.stream().map(Result::perSecond).toList()),
                    Median.of(right.stream().map(Result::perSecond).toList()),
                    Median.of(ratios),
                    Median.of(left.stream().map(Result::p99Micros).toList()) / 1e3,
                    Median.of(right.stream().map(Result::p99Micros).toList()) / 1e3);
        }
    }
}
