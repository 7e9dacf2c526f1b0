package flotilla.store;

import flotilla.store.boot.EtcdConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A cluster of members in this process, and the original's etcdctl to talk to it. */
public final class Cluster implements AutoCloseable {
    private static final Path ETCDCTL = Path.of("/usr/bin/etcdctl");
    private static final long PATIENCE_SECONDS = 60;

    private final List<EtcdConfig> configs = new ArrayList<>();
    private final List<EtcdDaemon> members = new ArrayList<>();

    private Cluster() {}

    /**
     * @param flags of every member, besides where it is; with {@code --peer-auto-tls} members speak
     *     TLS with each other
     */
    public static Cluster start(Path directory, int size, String... flags) throws Exception {
        Cluster cluster = new Cluster();
        List<Integer> clientPorts = Stream.generate(FreePort::take).limit(size).toList();
        List<Integer> peerPorts = Stream.generate(FreePort::take).limit(size).toList();
        String scheme = List.of(flags).contains("--peer-auto-tls") ? "https" : "http";
        String initial =
                IntStream.range(0, size)
                        .mapToObj(i -> "m" + i + "=" + scheme + "://127.0.0.1:" + peerPorts.get(i))
                        .collect(Collectors.joining(","));
        for (int i = 0; i < size; i++) {
            String client = "http://127.0.0.1:" + clientPorts.get(i);
            String peer = scheme + "://127.0.0.1:" + peerPorts.get(i);
            cluster.configs.add(
                    EtcdConfig.parse(
                            arguments(
                                    flags,
                                    "--name=m" + i,
                                    "--data-dir=" + directory.resolve("m" + i),
                                    "--listen-client-urls=" + client,
                                    "--advertise-client-urls=" + client,
                                    "--listen-peer-urls=" + peer,
                                    "--initial-advertise-peer-urls=" + peer,
                                    "--initial-cluster=" + initial,
                                    "--watch-progress-notify-interval=200ms"),
                            Map.of()));
        }
        try {
            for (EtcdConfig config : cluster.configs) {
                cluster.members.add(EtcdDaemon.start(config));
            }
            cluster.awaitReady();
        } catch (Exception e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    private static List<String> arguments(String[] flags, String... own) {
        return Stream.of(own, flags).flatMap(Arrays::stream).toList();
    }

    public void awaitReady() throws Exception {
        CompletableFuture.allOf(
                        members.stream()
                                .map(EtcdDaemon::ready)
                                .toArray(CompletableFuture<?>[]::new))
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    public String endpoint(int member) {
        return configs.get(member).advertiseClientUrls().getFirst().toString();
    }

    public String endpoints() {
        return IntStream.range(0, configs.size())
                .mapToObj(this::endpoint)
                .collect(Collectors.joining(","));
    }

    public EtcdDaemon member(int index) {
        return members.get(index);
    }

    public void stop(int index) throws IOException {
        members.get(index).close();
    }

    public void restart(int index) throws Exception {
        members.set(index, EtcdDaemon.start(configs.get(index)));
        awaitReady();
    }

    /** What the original's etcdctl prints, against all members. */
    public String etcdctl(String... arguments) throws Exception {
        return run(command(endpoints(), arguments));
    }

    public String etcdctlAt(int member, String... arguments) throws Exception {
        return run(command(endpoint(member), arguments));
    }

    private static List<String> command(String endpoints, String... arguments) {
        Assumptions.assumeTrue(
                Files.isExecutable(ETCDCTL), "the original etcdctl is not installed");
        List<String> command =
                new ArrayList<>(List.of(ETCDCTL.toString(), "--endpoints=" + endpoints));
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    /** A client that goes on printing until it is destroyed. */
    public Process etcdctlProcess(Path output, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command(endpoints(), arguments));
        builder.environment().put("ETCDCTL_API", "3");
        return builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    }

    public static String run(List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("ETCDCTL_API", "3");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(command + " did not end; it printed: " + output);
        }
        return output;
    }

    @Override
    public void close() throws IOException {
        for (EtcdDaemon member : members) {
            member.close();
        }
    }
}
