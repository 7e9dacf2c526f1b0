package flotilla.conformance.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A cluster of real server processes on free loopback ports, its data below one folder. */
public final class Cluster implements AutoCloseable {
    /** How long a cluster may take to elect a leader and answer on every member. */
    private static final Duration START = Duration.ofSeconds(60);

    private static final Duration PROBE = Duration.ofSeconds(2);
    private static final long PROBE_PAUSE_MILLIS = 50;
    private static final String HOST = "127.0.0.1";

    private final List<Server> servers;

    private Cluster(List<Server> servers) {
        this.servers = List.copyOf(servers);
    }

    /**
     * Lays out a cluster without starting it.
     *
     * @param program must be installed
     * @param size 1 to 7 members
     * @param folder takes data and logs
     */
    public static Cluster of(Program program, int size, Path folder) {
        return of(program, size, folder, List.of());
    }

    /**
     * @param more etcd flags for each member besides those of name, data and addresses
     */
    public static Cluster of(Program program, int size, Path folder, List<String> more) {
        List<Integer> ports = FreePorts.take(2 * size, HOST);
        List<Place> places =
                IntStream.range(0, size)
                        .mapToObj(i ->
                                new Place(
                                        HOST + ":" + ports.get(i),
                                        HOST + ":" + ports.get(size + i),
                                        List.of()))
                        .toList();
        return at(places, program, folder, more);
    }

    /**
     * Where a member lives.
     *
     * @param client {@code host:port} of its client listener
     * @param peer {@code host:port} of its peer listener
     * @param enter what its command is started through to be there; empty for here
     */
    public record Place(String client, String peer, List<String> enter) {
        public Place {
            enter = List.copyOf(enter);
        }
    }

    /**
     * One member at each place, its data in {@link #data}.
     *
     * @param more see {@link #of}
     */
    public static Cluster at(List<Place> places, Program program, Path folder, List<String> more) {
        List<String> start =
                program.command()
                        .orElseThrow(
                                () -> new IllegalStateException(program + " is not installed"));
        String initial =
                IntStream.range(0, places.size())
                        .mapToObj(i -> name(i) + "=http://" + places.get(i).peer())
                        .collect(Collectors.joining(","));
        List<Server> servers = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            Path home = created(folder.resolve(name(i)));
            List<String> command = new ArrayList<>(place.enter());
            command.addAll(start);
            command.addAll(flags(name(i), data(folder, i), initial));
            command.addAll(listeners(place.client(), place.peer()));
            command.addAll(more);
            servers.add(new Server(name(i), place.client(), command, home.resolve("log")));
        }
        return new Cluster(servers);
    }

    private static String name(int member) {
        return "m" + member;
    }

    /** The data directory of a member, counted from 0. */
    public static Path data(Path folder, int member) {
        return folder.resolve(name(member)).resolve("data");
    }

    private static List<String> flags(String name, Path data, String initial) {
        return List.of(
                "--name",
                name,
                "--data-dir",
                data.toString(),
                "--initial-cluster",
                initial,
                "--initial-cluster-state",
                "new",
                "--initial-cluster-token",
                "conformance");
    }

    private static List<String> listeners(String client, String peer) {
        return List.of(
                "--listen-client-urls", "http://" + client,
                "--advertise-client-urls", "http://" + client,
                "--listen-peer-urls", "http://" + peer,
                "--initial-advertise-peer-urls", "http://" + peer);
    }

    /** Starts what is not running and waits until every member answers healthy. */
    public Cluster start() {
        servers.forEach(Server::start);
        awaitHealthy();
        return this;
    }

    /**
     * Waits until every member answers linearizable reads.
     *
     * @throws IllegalStateException with the member's log when one ends or does not get there
     */
    public void awaitHealthy() {
        long deadline = System.nanoTime() + START.toNanos();
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(PROBE).build()) {
            for (Server server : servers) {
                while (!isHealthy(http, server)) {
                    if (!server.isRunning() || System.nanoTime() > deadline) {
                        throw new IllegalStateException(
                                server.name() + " does not serve:\n" + server.logTail());
                    }
                    TimeUnit.MILLISECONDS.sleep(PROBE_PAUSE_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the cluster started", e);
        }
    }

    private static boolean isHealthy(HttpClient http, Server server) throws InterruptedException {
        URI health = URI.create("http://" + server.clientAddress() + "/health");
        HttpRequest request = HttpRequest.newBuilder(health).timeout(PROBE).build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 && answer.body().contains("true");
        } catch (IOException notYet) {
            return false;
        }
    }

    /** SIGKILL to all members at once. */
    public void kill() {
        servers.parallelStream().forEach(Server::kill);
    }

    public List<Server> servers() {
        return servers;
    }

    /** {@code host:port} of every member's client listener. */
    public List<String> addresses() {
        return servers.stream().map(Server::clientAddress).toList();
    }

    /** Stops all members; their data stays. */
    @Override
    public void close() {
        servers.parallelStream().forEach(Server::close);
    }

    private static Path created(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("making " + folder, e);
        }
    }
}
