package flotilla.conformance.house;

import java.util.List;

/** The house's plan: which room may know which, and which packages are pure. */
final class Rooms {
    /**
     * @param name the room's folder and top package
     * @param knows the rooms it may use
     */
    record Room(String name, List<String> knows) {
        String packages() {
            return "flotilla." + name + "..";
        }
    }

    /**
     * @param packages whose classes decide and do nothing else
     * @param except simple names of classes in them that may touch the world
     * @param reason why those may
     */
    record Pure(String packages, List<String> except, String reason) {
        static Pure all(String packages) {
            return new Pure(packages, List.of(), "");
        }
    }

    /**
     * @param library packages of a library
     * @param only packages of ours that may use it
     * @param reason what the fence protects
     */
    record Fence(String library, List<String> only, String reason) {}

    /**
     * @param packages where time does not pass
     * @param loops packages and classes in them in which it does
     * @param reason why those are needed
     */
    record Timeless(String packages, List<String> loops, String reason) {}

    /** Lowest first; a room never knows one that stands below it in this list. */
    static final List<Room> ROOMS =
            List.of(
                    new Room("proof", List.of()),
                    new Room("platform", List.of()),
                    new Room("units", List.of()),
                    new Room("protocol", List.of()),
                    new Room("raft", List.of()),
                    new Room("machine", List.of("platform", "units")),
                    new Room("client", List.of("platform", "protocol")),
                    new Room("discovery", List.of("platform")),
                    new Room("trust", List.of("platform", "client", "protocol")),
                    new Room("cloudconfig", List.of("platform", "units", "machine")),
                    new Room("store", List.of("platform", "protocol", "raft", "discovery")),
                    new Room(
                            "fleet",
                            List.of("platform", "units", "machine", "client", "trust", "protocol")),
                    new Room(
                            "sim",
                            List.of(
                                    "platform",
                                    "units",
                                    "protocol",
                                    "raft",
                                    "machine",
                                    "store",
                                    "fleet")),
                    new Room(
                            "provision",
                            List.of(
                                    "platform",
                                    "units",
                                    "machine",
                                    "client",
                                    "protocol",
                                    "discovery",
                                    "cloudconfig",
                                    "store",
                                    "fleet",
                                    "trust")),
                    new Room(
                            "cli",
                            List.of(
                                    "platform",
                                    "units",
                                    "machine",
                                    "client",
                                    "protocol",
                                    "discovery",
                                    "cloudconfig",
                                    "store",
                                    "fleet",
                                    "trust",
                                    "provision")));

    /** The cores. What they need of the world comes in as a parameter. */
    static final List<Pure> PURE =
            List.of(
                    Pure.all("flotilla.units.."),
                    Pure.all("flotilla.raft.."),
                    Pure.all("flotilla.machine.job.."),
                    Pure.all("flotilla.machine.service.."),
                    Pure.all("flotilla.machine.systemd.ledger.."),
                    new Pure(
                            "flotilla.store.apply.mvcc..",
                            List.of("MemoryBackend"),
                            "the working fake of the Backend port, kept beside it: it locks"),
                    Pure.all("flotilla.store.apply"),
                    Pure.all("flotilla.store.apply.refusal.."),
                    Pure.all("flotilla.store.apply.lease.."),
                    Pure.all("flotilla.store.apply.member.."),
                    Pure.all("flotilla.store.apply.session.."),
                    new Pure(
                            "flotilla.store.compaction..",
                            List.of("AutoCompactor"),
                            "has the log do what the rhythm says"),
                    Pure.all("flotilla.fleet.schedule.."),
                    Pure.all("flotilla.fleet.job.."),
                    Pure.all("flotilla.fleet.cluster.."),
                    Pure.all("flotilla.fleet.plan.."),
                    Pure.all("flotilla.fleet.why.."),
                    Pure.all("flotilla.fleet.engine"),
                    Pure.all("flotilla.fleet.agent"),
                    Pure.all("flotilla.fleet.agent.heart.."),
                    Pure.all("flotilla.client.lease.."),
                    new Pure(
                            "flotilla.cloudconfig.document..",
                            List.of("Encoding"),
                            "unpacks gzip in memory, for which the JDK has streams only"),
                    Pure.all("flotilla.cloudconfig.plan.."),
                    Pure.all("flotilla.trust.token.."));

    /** Rooms in which only loops read clocks, sleep and start threads. */
    static final List<Timeless> TIMELESS =
            List.of(
                    new Timeless(
                            "flotilla.fleet..",
                            List.of(
                                    "flotilla.fleet.engine.office",
                                    "flotilla.fleet.agent.loop",
                                    "flotilla.fleet.FleetDaemon",
                                    "flotilla.fleet.registry.Following",
                                    "flotilla.fleet.api.News",
                                    "flotilla.fleet.api.Patience"),
                            "the loops around engine, agent and heart; the daemon, which hands out"
                                    + " the clock; who follows the store; a client's end of events,"
                                    + " and how long it asks a fleet that is away"),
                    new Timeless(
                            "flotilla.client..",
                            List.of(
                                    "flotilla.client.LeaseKeeper",
                                    "flotilla.client.ResumingWatch",
                                    "flotilla.client.members.StoreMembers",
                                    "flotilla.client.Endpoints"),
                            "the loops of a lease, of a watch, and of calls that are made again"));

    static final List<Fence> FENCES =
            List.of(
                    new Fence(
                            "org.rocksdb..",
                            List.of("flotilla.store.disk.."),
                            "the database stands behind flotilla.store.disk"),
                    new Fence(
                            "io.grpc.netty..",
                            List.of("flotilla.store.wire..", "flotilla.client.."),
                            "only the two ends of the wire know how it is carried"),
                    new Fence(
                            "org.freedesktop..",
                            List.of("flotilla.machine.systemd.bus.."),
                            "D-Bus is how systemd is reached, and nobody else's matter"),
                    new Fence(
                            "org.bouncycastle..",
                            List.of("flotilla.platform.tls..", "flotilla.trust.authority.."),
                            "certificates are read in one place, and made in another"),
                    new Fence(
                            "org.snakeyaml..",
                            List.of("flotilla.cloudconfig.document..", "flotilla.store.boot.."),
                            "YAML is the language of cloud-config and of etcd's file alone"),
                    new Fence(
                            "picocli..",
                            List.of("flotilla.cli.."),
                            "the command line is the outermost room"));

    private Rooms() {}
}
