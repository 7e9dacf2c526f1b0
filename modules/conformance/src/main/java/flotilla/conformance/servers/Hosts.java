package flotilla.conformance.servers;

import flotilla.conformance.servers.Cluster.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Hosts of their own for members: network namespaces at one bridge, whose links can be cut one by
 * one and one way, while clients beside the bridge reach all. Takes root's rights.
 */
public final class Hosts implements AutoCloseable {
    /** Tells apart what several runs make at once; below the 15 characters of a device's name. */
    private static final int RUNS = 10_000;

    /** The system takes a device away some time after its namespace: none gets the same name. */
    private static final AtomicInteger MADE = new AtomicInteger();

    private static final String CLIENT_PORT = ":2379";
    private static final String PEER_PORT = ":2380";

    private final String name;
    private final String network;
    private final int size;

    private Hosts(int size) {
        long run = ProcessHandle.current().pid() % RUNS;
        int made = MADE.incrementAndGet();
        this.name = "fl" + run + "n" + made;
        this.network = "10." + (200 + made % 50) + "." + run % 250 + ".";
        this.size = size;
    }

    /**
     * Makes them.
     *
     * @throws Unavailable where that isn't possible
     */
    public static Hosts of(int size) throws Unavailable {
        Hosts hosts = new Hosts(size);
        String failure = Shell.attempt("ip", "link", "add", hosts.name, "type", "bridge");
        if (!failure.isEmpty()) {
            throw new Unavailable("hosts of their own can't be made here: " + failure);
        }
        try {
            Shell.run("ip", "address", "add", hosts.network + "254/24", "dev", hosts.name);
            Shell.run("ip", "link", "set", hosts.name, "up");
            for (int i = 0; i < size; i++) {
                hosts.make(i);
            }
        } catch (IllegalStateException e) {
            hosts.close();
            throw new Unavailable("hosts of their own can't be made here: " + e.getMessage());
        }
        return hosts;
    }

    private void make(int member) {
        String host = host(member);
        Shell.run("ip", "netns", "add", host);
        Shell.run("ip", "link", "add", host, "type", "veth", "peer", "name", "eth0", "netns", host);
        Shell.run("ip", "link", "set", host, "master", name, "up");
        inside(host, "address", "add", address(member) + "/24", "dev", "eth0");
        inside(host, "link", "set", "eth0", "up");
        inside(host, "link", "set", "lo", "up");
    }

    private static void inside(String host, String... command) {
        List<String> words = new ArrayList<>(List.of("ip", "-n", host));
        words.addAll(List.of(command));
        Shell.run(words.toArray(String[]::new));
    }

    private String host(int member) {
        return name + "m" + member;
    }

    private String address(int member) {
        return network + (member + 1);
    }

    /** Where members live who have one each. */
    public List<Place> places() {
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            places.add(
                    new Place(
                            address(i) + CLIENT_PORT,
                            address(i) + PEER_PORT,
                            List.of("ip", "netns", "exec", host(i))));
        }
        return places;
    }

    /** From now on nothing that one member sends reaches the other. */
    public void cut(int from, int to) {
        inside(host(from), "route", "replace", "blackhole", address(to) + "/32");
    }

    /** Joins all links that are cut. */
    public void joinAll() {
        for (int i = 0; i < size; i++) {
            inside(host(i), "route", "flush", "type", "blackhole");
        }
    }

    @Override
    public void close() {
        for (int i = 0; i < size; i++) {
            Shell.attempt("ip", "netns", "delete", host(i));
        }
        Shell.attempt("ip", "link", "delete", name);
    }
}
