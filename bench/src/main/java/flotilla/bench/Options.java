package flotilla.bench;

import flotilla.conformance.servers.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The command line of {@code bench/run}.
 *
 * @param rounds {@code --rounds N}
 * @param seconds {@code --seconds N}: length of one measured stretch
 * @param members {@code --members N} of each server
 * @param cold {@code --cold yes}: a new cluster for each stretch, measured from its first request
 * @param workloads {@code --workloads put_1,put_64,put_1000,get_1,get_64,get_1000}
 * @param folder {@code --folder DIR}: where data goes; its disk is what fsync meets
 * @param sides {@code --sides etcd,etcd_next,launcher}: the servers; the last is set against the
 *     best of those before it. Twice {@code etcd} shows the noise of the method
 */
record Options(
        int rounds,
        Duration seconds,
        int members,
        boolean cold,
        List<Workload> workloads,
        Path folder,
        List<Program> sides) {
    static Options parse(List<String> arguments) {
        int rounds = 5;
        int seconds = 8;
        int members = 3;
        boolean cold = false;
        List<Workload> workloads = List.of(Workload.values());
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        List<Program> sides = installed();
        for (int i = 0; i < arguments.size(); i += 2) {
            if (i + 1 == arguments.size()) {
                throw new IllegalArgumentException(arguments.get(i) + " needs a value");
            }
            String value = arguments.get(i + 1);
            switch (arguments.get(i)) {
                case "--rounds" -> rounds = Integer.parseInt(value);
                case "--seconds" -> seconds = Integer.parseInt(value);
                case "--members" -> members = Integer.parseInt(value);
                case "--cold" -> cold = value.equals("yes");
                case "--workloads" -> workloads = Workload.parse(value);
                case "--folder" -> folder = Path.of(value);
                case "--sides" -> sides = programs(value);
                default ->
                        throw new IllegalArgumentException(
                                arguments.get(i)
                                        + " is unknown: --rounds, --seconds, --members, --cold, --workloads, --folder, --sides");
            }
        }
        return new Options(
                rounds, Duration.ofSeconds(seconds), members, cold, workloads, folder, sides);
    }

    private static List<Program> installed() {
        List<Program> sides = new ArrayList<>(List.of(Program.ETCD));
        if (Program.ETCD_NEXT.command().isPresent()) {
            sides.add(Program.ETCD_NEXT);
        }
        sides.add(Program.LAUNCHER);
        return sides;
    }

    private static List<Program> programs(String names) {
        return Arrays.stream(names.split(","))
                .map(name -> Program.valueOf(name.strip().toUpperCase(Locale.ROOT)))
                .toList();
    }

    /** Connections that the workloads need at most. */
    int connections() {
        return workloads.stream().mapToInt(Workload::connections).max().orElse(1);
    }

    /** The arguments that give this run again. */
    List<String> arguments() {
        return List.of(
                "--rounds",
                String.valueOf(rounds),
                "--seconds",
                String.valueOf(seconds.toSeconds()),
                "--members",
                String.valueOf(members),
                "--cold",
                cold ? "yes" : "no",
                "--workloads",
                names(workloads),
                "--sides",
                names(sides));
    }

    private static String names(List<? extends Enum<?>> values) {
        return String.join(
                ",", values.stream().map(value -> value.name().toLowerCase(Locale.ROOT)).toList());
    }
}
