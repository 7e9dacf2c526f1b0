package flotilla.provision.process;

import flotilla.platform.disk.Disk;
import flotilla.provision.ProvisionException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A JVM of our own class path that outlives the command that starts it: a session of its own, so
 * that neither Ctrl-C nor the closing of the terminal reaches it.
 *
 * @param main its main class, whose first argument is the directory
 * @param directory what it works in; its console goes to {@code console.log} there
 * @param arguments of the main class behind the directory
 * @param flags of the JVM beyond those that all our processes have
 */
public record JvmProcess(
        Class<?> main, Path directory, List<String> arguments, List<String> flags) {
    /** What marks the processes of units; our own must not look like one. */
    private static final List<String> UNIT_MARKS =
            List.of(
                    "FLOTILLA_MACHINE",
                    "FLOTILLA_INIT",
                    "FLOTILLA_UNIT",
                    "INVOCATION_ID",
                    "NOTIFY_SOCKET");

    /** Those that the launcher gives to every JVM too. */
    private static final List<String> COMMON = common();

    /**
     * Small on purpose: many machines share one host. The C heap is given back after the compilers'
     * first rush.
     */
    private static final List<String> LEAN =
            List.of("-XX:TieredStopAtLevel=4", "-Xss512k", "-XX:TrimNativeHeapInterval=10000");

    /** The longest console kept from before; a start moves a longer one aside. Bytes. */
    private static final long CONSOLE_BYTES_MAX = 4 << 20;

    /** Lines of the console shown when something went wrong. */
    private static final int LAST_WORDS = 5;

    public JvmProcess {
        arguments = List.copyOf(arguments);
        flags = List.copyOf(flags);
    }

    /** Their file, as java takes it behind {@code @}; to be closed. */
    public static InputStream commonFlags() {
        InputStream in = JvmProcess.class.getResourceAsStream("jvm.flags");
        if (in == null) {
            throw new IllegalStateException("jvm.flags is not on the class path");
        }
        return in;
    }

    /** An argument file of java's, as far as ours goes: a flag on a line, comments behind #. */
    private static List<String> common() {
        try (InputStream in = commonFlags()) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("reading jvm.flags", e);
        }
    }

    public Path console() {
        return directory.resolve("console.log");
    }

    /** For the native libraries that a JVM unpacks; one that is killed leaves them behind. */
    private Path temporary() {
        return directory.resolve("tmp");
    }

    public void start(Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command());
        builder.environment().keySet().removeAll(UNIT_MARKS);
        builder.environment().put("MALLOC_ARENA_MAX", "2");
        builder.environment().putAll(environment);
        builder.directory(directory.toFile());
        builder.redirectInput(new File("/dev/null"));
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(console().toFile()));
        builder.redirectErrorStream(true);
        try {
            PrivateFiles.createDirectories(directory);
            Disk.deleteTree(temporary());
            PrivateFiles.createDirectories(temporary());
            if (Files.exists(console()) && Files.size(console()) > CONSOLE_BYTES_MAX) {
                Files.move(
                        console(),
                        directory.resolve("console.log.1"),
                        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
            builder.start();
        } catch (IOException e) {
            throw new ProvisionException("can't start a process for " + directory, e);
        }
    }

    /** The end of its console, for a person who asks why it does not run. */
    public String lastWords() {
        try {
            List<String> lines =
                    new String(Files.readAllBytes(console()), StandardCharsets.UTF_8)
                            .lines()
                            .toList();
            int from = Math.max(0, lines.size() - LAST_WORDS);
            return String.join("\n  ", lines.subList(from, lines.size()))
                    + "\n  (all of it: "
                    + console()
                    + ")";
        } catch (IOException e) {
            return "it left no word in " + console();
        }
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        Path setsid = Path.of("/usr/bin/setsid");
        if (Files.isExecutable(setsid)) {
            command.add(setsid.toString());
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(COMMON);
        command.addAll(LEAN);
        command.addAll(aotCache());
        command.addAll(flags);
        command.add("-Djava.io.tmpdir=" + temporary());
        command.add("-cp");
        command.add(classPath());
        command.add(main.getName());
        command.add(directory.toString());
        command.addAll(arguments);
        return command;
    }

    /** The cache that this JVM starts from, if it does: made for machines too. */
    private static List<String> aotCache() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("-XX:AOTCache="))
                .toList();
    }

    /** Ours, made absolute: the process has another working directory. */
    private static String classPath() {
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            entries.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, entries);
    }
}
