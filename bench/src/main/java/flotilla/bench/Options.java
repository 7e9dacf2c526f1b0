package flotilla.bench;

import flotilla.conformance.servers.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The command line of {@code bench/run}.
 *
 * @param rounds {@code --rounds N}
 * @param seconds {@code --seconds N}: length of one measured stretch
 * @param workloads {@code --workloads put_1,put_1000,get_1,get_1000}
 * @param folder {@code --folder DIR}: where data goes; its disk is what fsync meets
 * @param against {@code --against launcher}: the second server, the built {@code ./flotilla etcd};
 *     {@code etcd} shows the noise of the method
 */
record Options(
        int rounds, Duration seconds, List<Workload> workloads, Path folder, Program against) {
    static Options parse(List<String> arguments) {
        int rounds = 5;
        int seconds = 8;
        List<Workload> workloads = List.of(Workload.values());
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        Program against = Program.LAUNCHER;
        for (int i = 0; i < arguments.size(); i += 2) {
            if (i + 1 == arguments.size()) {
                throw new IllegalArgumentException(arguments.get(i) + " needs a value");
            }
            String value = arguments.get(i + 1);
            switch (arguments.get(i)) {
                case "--rounds" -> rounds = Integer.parseInt(value);
                case "--seconds" -> seconds = Integer.parseInt(value);
                case "--workloads" -> workloads = Workload.parse(value);
                case "--folder" -> folder = Path.of(value);
                case "--against" -> against = Program.valueOf(value.toUpperCase(Locale.ROOT));
                default ->
                        throw new IllegalArgumentException(
                                arguments.get(i)
                                        + " is unknown: --rounds, --seconds, --workloads, --folder, --against");
            }
        }
        return new Options(rounds, Duration.ofSeconds(seconds), workloads, folder, against);
    }

    /** What the tables call the second server. */
    String second() {
        return against == Program.ETCD ? "etcd again" : "flotilla";
    }

    /** The arguments that give this run again. */
    List<String> arguments() {
        List<String> names = new ArrayList<>();
        workloads.forEach(workload -> names.add(workload.name().toLowerCase(Locale.ROOT)));
        return List.of(
                "--rounds",
                String.valueOf(rounds),
                "--seconds",
                String.valueOf(seconds.toSeconds()),
                "--workloads",
                String.join(",", names),
                "--against",
                against.name().toLowerCase(Locale.ROOT));
    }
}
