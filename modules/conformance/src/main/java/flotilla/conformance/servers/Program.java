package flotilla.conformance.servers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The servers that speak etcd's v3 API and take etcd's flags. */
public enum Program {
    /** The original, as Debian's {@code etcd-server} installs it. */
    ETCD,
    /**
     * The original of Debian's next release, 3.5, as {@code modules/conformance/etcd-next} brings
     * it.
     */
    ETCD_NEXT,
    /** Ours, from the class path of this JVM. */
    FLOTILLA,
    /** Ours, as {@code ./flotilla etcd} of the checkout starts it; build it first. */
    LAUNCHER;

    private static final Path NEXT =
            Launcher.script().resolveSibling("modules/conformance/target/etcd-next/usr/bin/etcd");

    /** Heap of one of our members; as on a machine of {@code flotilla up}, with room for load. */
    private static final String HEAP = "-Xmx512m";

    /** The command that starts it, without etcd's flags; empty when it is not installed here. */
    public Optional<List<String>> command() {
        return switch (this) {
            case ETCD -> onPath("etcd").map(path -> List.of(path.toString()));
            case ETCD_NEXT ->
                    Optional.of(NEXT)
                            .filter(Files::isExecutable)
                            .map(path -> List.of(path.toString()));
            case FLOTILLA -> Optional.of(ours());
            case LAUNCHER -> Optional.of(List.of(Launcher.script().toString(), "etcd"));
        };
    }

    private static List<String> ours() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        HEAP,
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow"));
        String extra = System.getProperty("flotilla.server.jvm", "");
        if (!extra.isBlank()) {
            command.addAll(List.of(extra.strip().split("\\s+")));
        }
        command.addAll(List.of("-cp", classPath(), "flotilla.cli.Flotilla", "etcd"));
        return command;
    }

    /** This JVM's class path without what only tests see, such as their log settings. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(":"))
                .filter(entry -> !entry.contains("test-classes"))
                .collect(Collectors.joining(":"));
    }

    /** Finds an executable on PATH. */
    public static Optional<Path> onPath(String name) {
        for (String folder : System.getenv().getOrDefault("PATH", "/usr/bin").split(":")) {
            Path file = Path.of(folder, name);
            if (Files.isExecutable(file) && !Files.isDirectory(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }
}
