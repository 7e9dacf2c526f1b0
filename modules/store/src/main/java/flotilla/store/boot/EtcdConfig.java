package flotilla.store.boot;

import flotilla.store.compaction.Retention;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How one etcd member runs: etcd's flags (its {@code --help} and configuration guide), settled.
 *
 * @param name this member, for people and for {@code initial-cluster}
 * @param dataDir holds everything the member must not lose; one process at a time
 * @param listenClientUrls where clients are served, {@code http://host:port} or {@code https://}
 * @param advertiseClientUrls where clients are told to come
 * @param listenPeerUrls where members are served
 * @param advertisePeerUrls where other members are told to come
 * @param initialCluster {@code name=url,...}; empty: this member alone, or discovery
 * @param initialClusterToken keeps clusters apart that were made from the same URLs
 * @param joinsExisting {@code initial-cluster-state=existing}: with a fresh data directory it is a
 *     member that was added to a running cluster
 * @param forceNewCluster with data there: this member alone, the others are lost
 * @param discovery the discovery URL that tells who takes part
 * @param heartbeat the leader's pulse
 * @param election a follower without a pulse for so long stands for election
 * @param snapshotCount log entries between snapshots
 * @param maxTxnOps operations in one branch of a transaction
 * @param maxRequestBytes the largest write
 * @param progressNotify how often an idle watch that asked for it hears how far it has come
 * @param cors origins of web pages that may ask, {@code *}: any
 * @param hostWhitelist names by which HTTP clients may call this member, {@code *}: any
 * @param streams how much clients may keep open
 * @param space how much is kept
 * @param corruption when members compare their states
 * @param guard keys that not every client may write, if any
 * @param grpc what a gRPC connection may do
 * @param tls certificates, and who must show one
 * @param ignored flags given that are etcd's but make no difference here
 */
public record EtcdConfig(
        String name,
        Path dataDir,
        List<URI> listenClientUrls,
        List<URI> advertiseClientUrls,
        List<URI> listenPeerUrls,
        List<URI> advertisePeerUrls,
        String initialCluster,
        String initialClusterToken,
        boolean joinsExisting,
        boolean forceNewCluster,
        Optional<URI> discovery,
        Duration heartbeat,
        Duration election,
        int snapshotCount,
        int maxTxnOps,
        int maxRequestBytes,
        Duration progressNotify,
        Set<String> cors,
        Set<String> hostWhitelist,
        Streams streams,
        Space space,
        Corruption corruption,
        Optional<Guard> guard,
        Grpc grpc,
        MemberTls tls,
        List<String> ignored) {
    /** An election timeout shorter than this many heartbeats elects for nothing (etcd's rule). */
    private static final int MIN_HEARTBEATS_PER_ELECTION = 5;

    /**
     * Keys that not everybody may write who may read them.
     *
     * @param prefixes with what they begin, 1 or more
     * @param tokenFile holds the token that it takes, read when the member starts; empty: it takes
     *     a certificate
     */
    public record Guard(List<String> prefixes, Optional<Path> tokenFile) {
        public Guard {
            prefixes = List.copyOf(prefixes);
        }

        /** Of one prefix, by a token. */
        public static Guard byToken(String prefix, Path tokenFile) {
            return new Guard(List.of(prefix), Optional.of(tokenFile));
        }
    }

    /**
     * What stays open until a client ends it.
     *
     * @param perMember watch and renewal streams; 0 for as many as the heap bears
     * @param watchesPerStream watches on one stream
     * @param watchesPerMember watches on all; 0 for as many as the heap bears
     */
    public record Streams(int perMember, int watchesPerStream, int watchesPerMember) {}

    /**
     * How much is kept.
     *
     * @param quotaBytes what the state may take up of the disk; below 0: without end
     * @param retention how much history is kept; empty: all, until somebody compacts
     */
    public record Space(long quotaBytes, Optional<Retention> retention) {}

    /**
     * When members compare their states.
     *
     * @param pause how long the leader waits before it does so again; empty: it never does
     * @param initially whether a member does so before it takes part again
     */
    public record Corruption(Optional<Duration> pause, boolean initially) {}

    /**
     * What a gRPC connection may do.
     *
     * @param maxConcurrentStreams calls open on it at once
     * @param minPing a client that pings more often than this is cut; without a call under way it
     *     may ping once in two hours (gRPC's rule)
     * @param keepAliveInterval a connection that is silent for so long is asked; zero: never
     * @param keepAliveTimeout and is closed when it does not answer for so long; zero: never asked
     */
    public record Grpc(
            int maxConcurrentStreams,
            Duration minPing,
            Duration keepAliveInterval,
            Duration keepAliveTimeout) {}

    public EtcdConfig {
        listenClientUrls = List.copyOf(listenClientUrls);
        advertiseClientUrls = List.copyOf(advertiseClientUrls);
        listenPeerUrls = List.copyOf(listenPeerUrls);
        advertisePeerUrls = List.copyOf(advertisePeerUrls);
        cors = Set.copyOf(cors);
        hostWhitelist = Set.copyOf(hostWhitelist);
        ignored = List.copyOf(ignored);
        if (election.compareTo(heartbeat.multipliedBy(MIN_HEARTBEATS_PER_ELECTION)) < 0) {
            throw new IllegalArgumentException(
                    "--election-timeout[%dms] should be at least as 5 times as --heartbeat-interval[%dms]"
                            .formatted(election.toMillis(), heartbeat.toMillis()));
        }
        if (discovery.isPresent() && !initialCluster.isEmpty()) {
            throw new IllegalArgumentException(
                    "multiple discovery or bootstrap flags are set. Choose one of"
                            + " \"initial-cluster\" or \"discovery\"");
        }
    }

    /**
     * From the command line and the environment; flags win over {@code ETCD_*} variables.
     *
     * @throws IllegalArgumentException naming the flag that is unknown or wrong; etcd exits with 2
     */
    public static EtcdConfig parse(List<String> arguments, Map<String, String> environment) {
        return EtcdFlags.parse(arguments, environment).settle();
    }

    /** A single member that serves on loopback addresses; the tests' and programs' way in. */
    public static EtcdConfig single(Path dataDir, URI client, URI peer) {
        return parse(
                List.of(
                        "--data-dir=" + dataDir,
                        "--listen-client-urls=" + client,
                        "--advertise-client-urls=" + client,
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer),
                Map.of());
    }

    /** The same member in a machine whose / is another directory: its data is below that. */
    public EtcdConfig below(Path root) {
        return new EtcdConfig(
                name,
                below(root, dataDir),
                listenClientUrls,
                advertiseClientUrls,
                listenPeerUrls,
                advertisePeerUrls,
                initialCluster,
                initialClusterToken,
                joinsExisting,
                forceNewCluster,
                discovery,
                heartbeat,
                election,
                snapshotCount,
                maxTxnOps,
                maxRequestBytes,
                progressNotify,
                cors,
                hostWhitelist,
                streams,
                space,
                corruption,
                guard,
                grpc,
                tls.moved(file -> below(root, file)),
                ignored);
    }

    private static Path below(Path root, Path path) {
        return root.resolve(path.isAbsolute() ? Path.of("/").relativize(path) : path);
    }

    /** Ticks of a heartbeat in the shortest lease: one and a half elections, in whole seconds. */
    public long minLeaseSeconds() {
        return (election.toMillis() * 3 / 2 + 999) / 1000;
    }

    /** What it advertises to the other members, sorted. */
    public List<String> peerUrls() {
        return advertisePeerUrls.stream().map(URI::toString).sorted().toList();
    }

    public static InetSocketAddress address(URI url) {
        return new InetSocketAddress(url.getHost(), url.getPort());
    }
}
