package flotilla.store.boot;

import flotilla.store.apply.level.FeatureLevel;
import flotilla.store.log.Introduction;
import flotilla.store.log.Membership;
import flotilla.store.log.Membership.Peer;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a member that was added to a running cluster ({@code initial-cluster-state=existing}) finds
 * itself in it: whom it asks, and which of the members that they name it is: the one that was added
 * with the {@linkplain PeerUrls same peer URLs}; {@code etcdctl member add} prints them. Refuses
 * what etcd refuses, and begins with its words.
 */
public final class Joining {
    private final EtcdConfig config;
    private final int reads;
    private final Map<String, List<String>> cluster;
    private final PeerUrls urls;

    private Joining(
            EtcdConfig config, int reads, Map<String, List<String>> cluster, PeerUrls urls) {
        this.config = config;
        this.reads = reads;
        this.cluster = cluster;
        this.urls = urls;
    }

    /**
     * @param reads up to which feature level this member's program reads
     * @throws IllegalArgumentException naming the flags that don't go together
     */
    public static Joining of(EtcdConfig config, int reads) {
        return of(config, reads, PeerUrls.Names.OF_THIS_HOST);
    }

    /** As above, with names found by the caller's means. */
    static Joining of(EtcdConfig config, int reads, PeerUrls.Names names) {
        if (config.discovery().isPresent()) {
            throw new IllegalArgumentException(
                    "discovery URL should not be set when joining existing initial cluster: give"
                            + " --initial-cluster as etcdctl member add printed it");
        }
        Map<String, List<String>> cluster =
                config.initialCluster().isEmpty()
                        ? Map.of(config.name(), config.peerUrls())
                        : Bootstrap.initialCluster(config.initialCluster());
        Joining joining = new Joining(config, reads, cluster, new PeerUrls(names));
        joining.requireOwnName();
        return joining;
    }

    private void requireOwnName() {
        List<String> own = cluster.get(config.name());
        if (own == null) {
            throw new IllegalArgumentException(
                    "couldn't find local name \"%s\" in the initial cluster configuration: give --name and --initial-cluster as etcdctl member add printed them"
                            .formatted(config.name()));
        }
        if (!urls.same(own, config.peerUrls())) {
            throw new IllegalArgumentException(
                    "--initial-cluster has %s at %s, but --initial-advertise-peer-urls says %s: make both what it was added with, or change that by etcdctl member update"
                            .formatted(
                                    config.name(),
                                    String.join(",", sorted(own)),
                                    String.join(",", config.peerUrls())));
        }
    }

    /** The other members' peer URLs, where to ask. */
    public List<String> others() {
        return cluster.entrySet().stream()
                .filter(member -> !member.getKey().equals(config.name()))
                .flatMap(member -> member.getValue().stream())
                .toList();
    }

    /**
     * Who this member is among those that one of the others named.
     *
     * @throws IOException if they are not those of {@code initial-cluster}, or have a higher
     *     feature level than this program reads
     */
    public Membership membership(Introduction told) throws IOException {
        Optional<String> older = FeatureLevel.refusal(told.level(), reads);
        if (older.isPresent()) {
            throw new IOException("incompatible with current running cluster: " + older.get());
        }
        if (told.members().size() != cluster.size()) {
            throw refusal(
                    told,
                    "member count is unequal (%d there, %d in --initial-cluster)"
                            .formatted(told.members().size(), cluster.size()));
        }
        for (Peer peer : told.members()) {
            if (cluster.values().stream().noneMatch(named -> urls.same(named, peer.peerUrls()))) {
                throw refusal(
                        told,
                        "PeerURLs: no match found for existing member (%x, %s)"
                                .formatted(peer.id(), sorted(peer.peerUrls())));
            }
        }
        Peer self =
                told.members().stream()
                        .filter(peer -> urls.same(peer.peerUrls(), config.peerUrls()))
                        .findFirst()
                        .orElseThrow(() ->
                                refusal(
                                        told,
                                        "PeerURLs: no member is at %s"
                                                .formatted(config.peerUrls())));
        return new Membership(told.clusterId(), self.id(), told.members(), true);
    }

    private IOException refusal(Introduction told, String why) {
        String members =
                told.members().stream()
                        .map(peer -> "%x %s %s".formatted(peer.id(), peer.name(), peer.peerUrls()))
                        .collect(Collectors.joining(", "));
        return new IOException(
                "error validating peerURLs of cluster %x {%s}: %s: add this member first (etcdctl member add), with the peer URLs that it has, and give --initial-cluster as that prints it"
                        .formatted(told.clusterId(), members, why));
    }

    private static List<String> sorted(Collection<String> urls) {
        return urls.stream().sorted().toList();
    }
}
