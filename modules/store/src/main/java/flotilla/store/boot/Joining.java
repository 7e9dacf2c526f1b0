package flotilla.store.boot;

import flotilla.store.log.Introduction;
import flotilla.store.log.Membership;
import flotilla.store.log.Membership.Peer;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How a member that was added to a running cluster ({@code initial-cluster-state=existing}) finds
 * itself in it: whom it asks, and which of the members that they name it is. Peer URLs must be the
 * same, word for word, as those that it was added with; {@code etcdctl member add} prints them.
 * Refuses what etcd refuses, and begins with its words.
 */
public final class Joining {
    private final EtcdConfig config;
    private final Map<String, List<String>> cluster;

    private Joining(EtcdConfig config, Map<String, List<String>> cluster) {
        this.config = config;
        this.cluster = cluster;
    }

    /**
     * @throws IllegalArgumentException naming the flags that don't go together
     */
    public static Joining of(EtcdConfig config) {
        if (config.discovery().isPresent()) {
            throw new IllegalArgumentException(
                    "discovery URL should not be set when joining existing initial cluster: give"
                            + " --initial-cluster as etcdctl member add printed it");
        }
        Map<String, List<String>> cluster =
                config.initialCluster().isEmpty()
                        ? Map.of(config.name(), config.peerUrls())
                        : Bootstrap.initialCluster(config.initialCluster());
        Joining joining = new Joining(config, cluster);
        joining.requireOwnName();
        joining.requireDistinct();
        return joining;
    }

    private void requireOwnName() {
        List<String> own = cluster.get(config.name());
        if (own == null) {
            throw new IllegalArgumentException(
                    "couldn't find local name \"%s\" in the initial cluster configuration: give --name and --initial-cluster as etcdctl member add printed them"
                            .formatted(config.name()));
        }
        if (!sorted(own).equals(config.peerUrls())) {
            throw new IllegalArgumentException(
                    "--initial-cluster has %s at %s, but --initial-advertise-peer-urls says %s: make both what it was added with, or change that by etcdctl member update"
                            .formatted(
                                    config.name(),
                                    String.join(",", sorted(own)),
                                    String.join(",", config.peerUrls())));
        }
    }

    private void requireDistinct() {
        List<String> all = cluster.values().stream().flatMap(List::stream).toList();
        if (new HashSet<>(all).size() < all.size()) {
            throw new IllegalArgumentException(
                    "initial cluster %s has duplicate url".formatted(cluster));
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
     * @throws IOException if they are not those of {@code initial-cluster}
     */
    public Membership membership(Introduction told) throws IOException {
        if (told.members().size() != cluster.size()) {
            throw refusal(
                    told,
                    "member count is unequal (%d there, %d in --initial-cluster)"
                            .formatted(told.members().size(), cluster.size()));
        }
        Set<List<String>> named =
                cluster.values().stream().map(Joining::sorted).collect(Collectors.toSet());
        for (Peer peer : told.members()) {
            if (!named.contains(sorted(peer.peerUrls()))) {
                throw refusal(
                        told,
                        "PeerURLs: no match found for existing member (%x, %s)"
                                .formatted(peer.id(), sorted(peer.peerUrls())));
            }
        }
        Peer self =
                told.members().stream()
                        .filter(peer -> sorted(peer.peerUrls()).equals(config.peerUrls()))
                        .findFirst()
                        .orElseThrow();
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
