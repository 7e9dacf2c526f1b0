package flotilla.store.raft;

import flotilla.store.log.LogConfig;
import flotilla.store.log.Membership;
import flotilla.store.peer.PeerReply;
import flotilla.store.peer.PeerRequest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.server.storage.RaftStorage.StartupOption;

/**
 * What a member without a log asks the others before it takes part: whether they know it. One that
 * took part before, and lost its disk, has forgotten whom it voted for and what it acknowledged; if
 * it voted again, acknowledged writes could be lost. etcd refuses the same ("has already been
 * bootstrapped").
 */
final class FreshMember {
    /** How long the others may take; those of a new cluster are mostly not there yet. */
    private static final long PATIENCE_MILLIS = 1_000;

    private FreshMember() {}

    /**
     * Does nothing if there is a log. Else blocks until all have answered, a second at most.
     *
     * @throws IOException if one of them knows this member, or half a log is there
     */
    static void refuseIfKnown(LogConfig config, Membership membership) throws IOException {
        RaftGroup group = RatisSettings.group(membership);
        if (RatisSettings.startup(config, group) == StartupOption.RECOVER) {
            return;
        }
        refuseHalfALog(RatisSettings.current(config, group));
        QuorumAcks none = new QuorumAcks(membership.members().size());
        Parameters parameters = AckedRpcType.parameters(none, config.heartbeat().toMillis());
        try (PeerCalls peers = new PeerCalls(group, RatisSettings.properties(config), parameters)) {
            ask(membership, peers);
        }
    }

    /** Formatting would wipe what is there. */
    private static void refuseHalfALog(Path current) throws IOException {
        if (!Files.isDirectory(current)) {
            return;
        }
        try (DirectoryStream<Path> segments = Files.newDirectoryStream(current, "log_*")) {
            if (segments.iterator().hasNext()) {
                throw new IOException(
                        current.resolve("raft-meta")
                                + " is missing beside a log: put it back from a copy. A member that"
                                + " forgot whom it voted for must not vote; without a copy this"
                                + " member stays out, and the others go on");
            }
        }
    }

    private static void ask(Membership membership, PeerCalls peers) throws IOException {
        PeerRequest question = PeerRequest.newBuilder().setKnownMember(membership.self()).build();
        List<CompletableFuture<Boolean>> answers = new ArrayList<>();
        for (Membership.Peer peer : membership.members()) {
            if (peer.id() != membership.self()) {
                answers.add(
                        peers.ask(peer.id(), question)
                                .thenApply(PeerReply::getKnown)
                                .completeOnTimeout(false, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                                .exceptionally(_ -> false));
            }
        }
        for (CompletableFuture<Boolean> known : answers) {
            if (known.join()) {
                throw new IOException(
                        "member "
                                + Long.toHexString(membership.self())
                                + " has already been bootstrapped: it took part in this cluster"
                                + " before, but has no log now. Give it its data directory back; a"
                                + " member that forgot what it acknowledged must not vote");
            }
        }
    }
}
