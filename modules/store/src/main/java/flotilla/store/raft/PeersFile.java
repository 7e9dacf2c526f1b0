package flotilla.store.raft;

import flotilla.store.log.LogConfig;
import flotilla.store.log.Membership;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ratis' own copy of who takes part, {@code raft-meta.conf}. The membership says the same and has a
 * checksum: a copy that says something else is damaged, and does without.
 */
final class PeersFile {
    private static final Logger LOG = LoggerFactory.getLogger(PeersFile.class);

    private PeersFile() {}

    static void dropIfDamaged(LogConfig config, Membership membership) throws IOException {
        RaftGroup group = RatisSettings.group(membership);
        Path file = RatisSettings.current(config, group).resolve("raft-meta.conf");
        if (Files.exists(file) && !says(file, group)) {
            LOG.warn("{} is damaged: it is made anew from the membership", file);
            Files.delete(file);
        }
    }

    private static boolean says(Path file, RaftGroup group) throws IOException {
        Map<String, String> expected =
                group.getPeers().stream()
                        .collect(
                                Collectors.toMap(
                                        peer -> peer.getId().toString(),
                                        peer -> String.valueOf(peer.getAddress())));
        try (InputStream bytes = Files.newInputStream(file)) {
            RaftConfigurationProto said = LogEntryProto.parseFrom(bytes).getConfigurationEntry();
            return said.getPeersCount() == expected.size()
                    && said.getOldPeersCount() == 0
                    && said.getPeersList().stream()
                            .collect(
                                    Collectors.toMap(
                                            peer -> peer.getId().toStringUtf8(),
                                            RaftPeerProto::getAddress,
                                            (one, _) -> one))
                            .equals(expected);
        } catch (InvalidProtocolBufferException e) {
            return false;
        }
    }
}
