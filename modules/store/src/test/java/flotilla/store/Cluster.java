package flotilla.store;

import static org.awaitility.Awaitility.await;

import flotilla.store.apply.level.FeatureLevel;
import flotilla.store.boot.DataDir;
import flotilla.store.boot.EtcdConfig;
import flotilla.store.boot.MemberIds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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

    /** Up to which feature level each one's program reads. */
    private final List<Integer> reads = new ArrayList<>();

    private final Path directory;
    private final String scheme;

    /** Flags that all have. */
    private final List<String> common;

    private Cluster(Path directory, String scheme, List<String> common) {
        this.directory = directory;
        this.scheme = scheme;
        this.common = common;
    }

    /**
     * @param flags of every member, besides where it is; with {@code --peer-auto-tls} members speak
     *     TLS with each other
     */
    public static Cluster start(Path directory, int size, String... flags) throws Exception {
        return start(directory, Collections.nCopies(size, FeatureLevel.READABLE), flags);
    }

    /**
     * @param programs up to which feature level each member's program reads
     */
    static Cluster start(Path directory, List<Integer> programs, String... flags) throws Exception {
        int size = programs.size();
        List<Integer> clientPorts = Stream.generate(FreePort::take).limit(size).toList();
        List<Integer> peerPorts = Stream.generate(FreePort::take).limit(size).toList();
        String scheme = List.of(flags).contains("--peer-auto-tls") ? "https" : "http";
        Cluster cluster = new Cluster(directory, scheme, List.of(flags));
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
            for (int i = 0; i < size; i++) {
                cluster.reads.add(programs.get(i));
                cluster.members.add(start(cluster.configs.get(i), programs.get(i)));
            }
            cluster.awaitReady();
            cluster.awaitLevel();
        } catch (Exception e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    /**
     * Adds a member by the original's etcdctl; it has yet to be {@linkplain #join started}.
     *
     * @param flags of {@code member add}
     */
    public Joiner add(int asked, String... flags) throws Exception {
        String name = "m" + configs.size();
        String peer = scheme + "://127.0.0.1:" + FreePort.take();
        String printed =
                etcdctlAt(
                        asked,
                        arguments(flags, "member", "add", name, "--peer-urls=" + peer)
                                .toArray(String[]::new));
        return new Joiner(name, peer, printed);
    }

    /** As {@link #add}, once the others have been reached long enough for another voter. */
    public Joiner addWhenSteady() {
        return await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .until(() -> add(0), added -> added.printed().contains("added to cluster"));
    }

    /**
     * Who was added, and is to be started.
     *
     * @param printed by etcdctl; where it is refused, its words
     */
    public record Joiner(String name, String peer, String printed) {
        public String id() {
            return printed.split(" +")[1];
        }

        /** What etcdctl says to start it with. */
        private Map<String, String> environment() {
            return printed.lines()
                    .filter(line -> line.startsWith("ETCD_"))
                    .map(line -> line.split("=", 2))
                    .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1].replace("\"", "")));
        }
    }

    /**
     * Starts one that was added, with what etcdctl printed. Doesn't wait until it is ready.
     *
     * @return its number
     */
    public int join(Joiner joiner, String... flags) throws Exception {
        return join(joiner, FeatureLevel.READABLE, flags);
    }

    int join(Joiner joiner, int program, String... flags) throws Exception {
        EtcdConfig config = config(joiner, flags);
        members.add(start(config, program));
        configs.add(config);
        reads.add(program);
        return configs.size() - 1;
    }

    /** Tells one that was added who it is, as its first start does, and no more. */
    EtcdConfig introduce(Joiner joiner) throws Exception {
        EtcdConfig config = config(joiner);
        try (DataDir data = DataDir.open(config.dataDir())) {
            data.keep(Introducer.membership(config, FeatureLevel.READABLE));
        }
        return config;
    }

    /** How it is to be started. */
    public EtcdConfig config(Joiner joiner, String... flags) {
        String client = "http://127.0.0.1:" + FreePort.take();
        List<String> own =
                Stream.concat(common.stream(), Stream.of(flags)).collect(Collectors.toList());
        own.addAll(
                List.of(
                        "--data-dir=" + directory.resolve(joiner.name()),
                        "--listen-client-urls=" + client,
                        "--advertise-client-urls=" + client,
                        "--listen-peer-urls=" + joiner.peer()));
        return EtcdConfig.parse(own, joiner.environment());
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

    /** Until then what is above level 0 is refused. */
    private void awaitLevel() {
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .until(() ->
                        members.stream()
                                .map(member -> member.server().machine().level())
                                .noneMatch(level -> level == FeatureLevel.UNDECIDED));
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

    /** Its id, as etcdctl prints it. */
    public String id(int index) {
        return MemberIds.hex(member(index).server().membership().self());
    }

    public void stop(int index) throws IOException {
        members.get(index).close();
    }

    public void restart(int index) throws Exception {
        members.set(index, start(configs.get(index), reads.get(index)));
        awaitReady();
    }

    /** With another program than before; waits until it is ready. */
    void restartAs(int index, int program) throws Exception {
        reads.set(index, program);
        restart(index);
    }

    private static EtcdDaemon start(EtcdConfig config, int reads) throws Exception {
        MemberLog.Program own = MemberLog.program(config);
        return EtcdDaemon.start(
                config,
                new MemberLog.Program(
                        reads, own.segmentBytes(), own.stepBytes(), own.snapshotEntries()));
    }

    /** With other flags than before; doesn't wait until it is ready. */
    public void startAgain(int index, String... flags) throws Exception {
        EtcdConfig before = configs.get(index);
        String client = before.listenClientUrls().getFirst().toString();
        String peer = before.listenPeerUrls().getFirst().toString();
        List<String> own =
                List.of(
                        "--name=" + before.name(),
                        "--data-dir=" + before.dataDir(),
                        "--listen-client-urls=" + client,
                        "--advertise-client-urls=" + client,
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer);
        configs.set(
                index, EtcdConfig.parse(arguments(flags, own.toArray(String[]::new)), Map.of()));
        members.set(index, start(configs.get(index), reads.get(index)));
    }

    public String peer(int index) {
        return configs.get(index).advertisePeerUrls().getFirst().toString();
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
