package flotilla.store.boot;

import flotilla.discovery.DiscoveryException;
import flotilla.discovery.Registered;
import flotilla.discovery.Self;
import flotilla.store.log.Membership;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settles who takes part when a member starts for the first time: from discovery, from {@code
 * initial-cluster}, or this member alone. Ids follow etcd's rule, so that all members settle the
 * same without asking each other. Who comes to a running cluster has {@link Joining} instead.
 */
public final class Bootstrap {
    private static final Logger log = LoggerFactory.getLogger(Bootstrap.class);

    private Bootstrap() {}

    /** With discovery it blocks until the cluster's size is reached. */
    public static Membership membership(EtcdConfig config, DataDir directory)
            throws IOException, InterruptedException {
        if (config.discovery().isPresent()) {
            return discovered(config, config.discovery().get(), directory);
        }
        Map<String, List<String>> cluster =
                config.initialCluster().isEmpty()
                        ? Map.of(config.name(), config.peerUrls())
                        : initialCluster(config.initialCluster());
        return settled(cluster, config, config.initialClusterToken());
    }

    private static Membership discovered(EtcdConfig config, URI discovery, DataDir directory)
            throws IOException, InterruptedException {
        String token = discovery.toString();
        long id = MemberIds.member(config.peerUrls(), token);
        Self self = new Self("%016x".formatted(id), config.name(), config.peerUrls());
        List<Registered> registered;
        try {
            registered =
                    flotilla.discovery.Bootstrap.join(
                            discovery,
                            self,
                            directory.attempt(token),
                            progress -> log.info("discovery: {}", progress));
        } catch (DiscoveryException e) {
            throw new IOException("discovery at " + discovery + ": " + e.getMessage(), e);
        }
        Map<String, List<String>> cluster = new LinkedHashMap<>();
        registered.forEach(member -> cluster.put(member.name(), member.peerUrls()));
        return settled(cluster, config, token);
    }

    /** {@code a=http://h1:2380,b=http://h2:2380}; a name may come several times. */
    static Map<String, List<String>> initialCluster(String text) {
        Map<String, List<String>> cluster = new LinkedHashMap<>();
        for (String member : text.split(",")) {
            int equals = member.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(
                        "--initial-cluster: '" + member + "' is not name=http://host:port");
            }
            URI url = EtcdFlags.url("initial-cluster", member.substring(equals + 1));
            cluster.computeIfAbsent(member.substring(0, equals).strip(), name -> new ArrayList<>())
                    .add(url.toString());
        }
        requireDistinct(cluster);
        return cluster;
    }

    private static void requireDistinct(Map<String, List<String>> cluster) {
        List<String> all = cluster.values().stream().flatMap(List::stream).toList();
        if (new HashSet<>(all).size() < all.size()) {
            throw new IllegalArgumentException(
                    "initial cluster %s has duplicate url: give each member its own in --initial-cluster"
                            .formatted(cluster));
        }
    }

    private static Membership settled(
            Map<String, List<String>> cluster, EtcdConfig config, String token) {
        List<Membership.Peer> peers = new ArrayList<>();
        cluster.forEach((name, reached) ->
                peers.add(new Membership.Peer(MemberIds.member(reached, token), name, reached)));
        List<String> own = cluster.get(config.name());
        PeerUrls urls = new PeerUrls(PeerUrls.Names.OF_THIS_HOST);
        if (own == null || !urls.same(own, config.peerUrls())) {
            throw new IllegalArgumentException(
                    "member "
                            + config.name()
                            + " with --initial-advertise-peer-urls="
                            + String.join(",", config.peerUrls())
                            + " is not in the cluster "
                            + cluster
                            + "; make both agree");
        }
        long clusterId = MemberIds.cluster(peers.stream().map(Membership.Peer::id).toList());
        return new Membership(clusterId, MemberIds.member(own, token), peers);
    }
}
