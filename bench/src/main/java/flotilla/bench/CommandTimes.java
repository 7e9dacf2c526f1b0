package flotilla.bench;

import flotilla.conformance.servers.Launcher;
import flotilla.conformance.servers.Program;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * How soon a command answers, beside a JVM that does nothing: the same JDK, a jar of one class, and
 * what makes a JVM start fast (an AOT cache of its own, a small collector, one compiler). Each
 * round runs each of them once. The commands ask a cluster of their own, which is idle meanwhile.
 */
public final class CommandTimes {
    private static final String SUBNET = "127.79.1";
    private static final int ROUNDS = 11;
    private static final String EMPTY = "empty main";

    private final Launcher flotilla;
    private final Path folder;

    private CommandTimes(OwnCluster cluster) {
        this.flotilla = cluster.flotilla();
        this.folder = cluster.folder();
    }

    /** Takes no arguments. */
    public static void main(String[] arguments) throws IOException {
        new CommandTimes(OwnCluster.at(SUBNET)).run();
    }

    private void run() throws IOException {
        flotilla.run("up").text();
        flotilla.run("start", "examples/hello.service").text();
        Map<String, List<String>> commands = commands();
        Map<String, List<Spent>> spent = new LinkedHashMap<>();
        commands.forEach((name, command) -> once(command));
        for (int round = 0; round < ROUNDS; round++) {
            commands.forEach((name, command) ->
                    spent.computeIfAbsent(name, _ -> new ArrayList<>()).add(once(command)));
        }
        double empty = wall(spent.getOrDefault(EMPTY, List.of()));
        spent.forEach((name, times) -> tell(name, times, empty));
    }

    private Map<String, List<String>> commands() throws IOException {
        String script = Launcher.script().toString();
        Map<String, List<String>> commands = new LinkedHashMap<>();
        commands.put(EMPTY, emptyMain());
        commands.put("--help", List.of(script, "--help"));
        commands.put("list-units", List.of(script, "list-units"));
        commands.put("list-machines", List.of(script, "list-machines"));
        commands.put("status", List.of(script, "status"));
        commands.put("status hello", List.of(script, "status", "hello"));
        Program.onPath("etcdctl")
                .ifPresent(etcdctl ->
                        commands.put(
                                "etcdctl get",
                                List.of(
                                        etcdctl.toString(),
                                        "--endpoints=" + flotilla.address(1) + ":2379",
                                        "get",
                                        "none")));
        return commands;
    }

    /** Makes its jar and its cache. */
    private List<String> emptyMain() throws IOException {
        Path jar = folder.resolve("empty.jar");
        String entry = EmptyMain.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                InputStream code =
                        Objects.requireNonNull(
                                CommandTimes.class.getClassLoader().getResourceAsStream(entry))) {
            out.putNextEntry(new JarEntry(entry));
            code.transferTo(out);
        }
        Path cache = folder.resolve("empty.aot");
        flotilla.run(java(jar, "-XX:AOTCacheOutput=" + cache)).text();
        return java(jar, "-XX:AOTCache=" + cache);
    }

    private static List<String> java(Path jar, String cache) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-XX:TieredStopAtLevel=1",
                cache,
                "-cp",
                jar.toString(),
                EmptyMain.class.getName());
    }

    /**
     * What one run took.
     *
     * @param wallMillis from typing it to its end
     * @param cpuMillis of the processors, user and system; in steps of 10
     */
    private record Spent(double wallMillis, double cpuMillis) {}

    private Spent once(List<String> command) {
        double cpu = childrenCpuMillis();
        long start = System.nanoTime();
        flotilla.run(command).text();
        double wall = (System.nanoTime() - start) / 1e6;
        return new Spent(wall, childrenCpuMillis() - cpu);
    }

    /** Of this process's children that have ended (proc(5): cutime, cstime). */
    private static double childrenCpuMillis() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return 10.0 * (Long.parseLong(fields[13]) + Long.parseLong(fields[14]));
        } catch (IOException e) {
            throw new UncheckedIOException("reading /proc/self/stat", e);
        }
    }

    private static double wall(List<Spent> times) {
        return Median.of(times.stream().map(Spent::wallMillis).toList());
    }

    private static void tell(String name, List<Spent> times, double empty) {
        double wall = wall(times);
        System.out.printf(
                Locale.ROOT,
                "%-14s median %4.0f ms (%.1f times the empty main), least %4.0f ms; processor time %4.0f ms on average%n",
                name,
                wall,
                wall / empty,
                times.stream().mapToDouble(Spent::wallMillis).min().orElse(Double.NaN),
                times.stream().mapToDouble(Spent::cpuMillis).average().orElse(Double.NaN));
    }
}
