package flotilla.store.raft;

import flotilla.platform.memory.MemoryBudget;
import flotilla.platform.memory.MemoryBudget.Share;
import flotilla.store.log.LogConfig;
import flotilla.store.log.Membership;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.client.RaftClientConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.storage.RaftStorage.StartupOption;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** Our words for Ratis' settings. What is set here waits, leaks or lies by default. */
final class RatisSettings {
    /** High half of every group's UUID; the low half is the cluster id. Spells "flotilla". */
    private static final long GROUP_NAMESPACE = 0x666c_6f74_696c_6c61L;

    /** How long a reply is kept for a client that asks again; ours never do. */
    private static final TimeDuration RETRY_CACHE = TimeDuration.valueOf(1, TimeUnit.SECONDS);

    /** Largest piece of a snapshot in one message, bytes; far under the message limit. */
    private static final int SNAPSHOT_CHUNK_BYTES = 1 << 20;

    /** Pieces of a snapshot on their way to one follower; each is in memory. */
    private static final int SNAPSHOT_CHUNKS_UNDER_WAY = 2;

    /** Appends on their way to one follower, at most (Ratis' own default). */
    private static final int APPENDS_UNDER_WAY_MAX = 8;

    /** Log files whose entries stay in memory beside the one that is written (Ratis' default). */
    private static final int CACHED_SEGMENTS_MAX = 6;

    /** Bytes of entries in one append, unless a single one is larger. */
    private static final int APPEND_BYTES = 4 << 20;

    private RatisSettings() {}

    static RaftPeerId peerId(long member) {
        return RaftPeerId.valueOf(String.format("%016x", member));
    }

    static long memberId(RaftPeerId peer) {
        return Long.parseUnsignedLong(peer.toString(), 16);
    }

    static RaftGroup group(Membership membership) {
        List<RaftPeer> peers = membership.members().stream().map(RatisSettings::peer).toList();
        return RaftGroup.valueOf(
                RaftGroupId.valueOf(new UUID(GROUP_NAMESPACE, membership.clusterId())), peers);
    }

    private static RaftPeer peer(Membership.Peer member) {
        URI url = URI.create(member.peerUrls().getFirst());
        if (url.getHost() == null || url.getPort() < 0) {
            throw new IllegalArgumentException(
                    "peer URL " + url + " of member " + member.name() + " needs a host and a port");
        }
        return RaftPeer.newBuilder()
                .setId(peerId(member.id()))
                .setAddress(url.getHost() + ":" + url.getPort())
                .build();
    }

    /** Ratis formats nothing by itself: it wants to be told whether the directory is new. */
    static StartupOption startup(LogConfig config, RaftGroup group) {
        boolean formatted = Files.exists(current(config, group).resolve("raft-meta"));
        return formatted ? StartupOption.RECOVER : StartupOption.FORMAT;
    }

    /** Where Ratis keeps the log's segments, and the term and vote. */
    static Path current(LogConfig config, RaftGroup group) {
        return config.directory()
                .resolve(group.getGroupId().getUuid().toString())
                .resolve("current");
    }

    static RaftProperties properties(LogConfig config) {
        return properties(config, MemoryBudget.ofThisJvm());
    }

    static RaftProperties properties(LogConfig config, MemoryBudget budget) {
        RaftProperties properties = new RaftProperties();
        properties.set(RaftConfigKeys.Rpc.TYPE_KEY, AckedRpcType.class.getName());
        GrpcConfigKeys.Server.setHost(properties, config.peerListen().getHostString());
        GrpcConfigKeys.Server.setPort(properties, config.peerListen().getPort());
        timing(properties, config);
        log(properties, config);
        memory(properties, config, budget.bytes(Share.LOG_CACHE));
        snapshots(properties, config);
        return properties;
    }

    private static void timing(RaftProperties properties, LogConfig config) {
        TimeDuration election = millis(config.election());
        // Ratis looks for its leader once per pause of a random length: the loss is noticed between
        // one pause and two after it, so these stay around etcd's one to two election timeouts.
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, election.multiply(0.75));
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, election.multiply(1.25));
        // The first election has no leader to wait for: a new cluster answers sooner.
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, election.multiply(0.2));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, election.multiply(0.5));
        RaftServerConfigKeys.Rpc.setRequestTimeout(properties, election.multiply(2));
        RaftServerConfigKeys.Rpc.setSlownessTimeout(properties, election.multiply(60));
        RaftServerConfigKeys.LeaderElection.setPreVote(properties, true);
        // Else who lost its followers for a moment won't stand for 10 s, and with a third member
        // down the cluster has no leader for so long.
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(
                properties, election.multiply(2));
        RaftServerConfigKeys.RetryCache.setExpiryTime(properties, RETRY_CACHE);
        RaftServerConfigKeys.RetryCache.setStatisticsExpiryTime(properties, RETRY_CACHE);
        RaftClientConfigKeys.Rpc.setRequestTimeout(properties, millis(config.requestTimeout()));
        // A busy machine stalls for seconds at times; a stall is no reason to end the process.
        RaftServerConfigKeys.setCloseThreshold(
                properties, TimeDuration.valueOf(300, TimeUnit.SECONDS));
    }

    private static void log(RaftProperties properties, LogConfig config) {
        RaftServerConfigKeys.setStorageDir(properties, List.of(config.directory().toFile()));
        // Else a second entry, with its own fsync, follows every commit.
        RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, false);
        RaftServerConfigKeys.Log.setAppendEntriesComposeEnabled(properties, false);
        RaftServerConfigKeys.Log.setSegmentSizeMax(
                properties, SizeInBytes.valueOf(config.segmentBytes()));
        RaftServerConfigKeys.Log.setPreallocatedSize(
                properties, SizeInBytes.valueOf(Math.min(config.segmentBytes(), 4 << 20)));
        // Else each append is followed by a sleep of 1 ms.
        RaftServerConfigKeys.Log.Appender.setWaitTimeMin(
                properties, TimeDuration.valueOf(0, TimeUnit.MILLISECONDS));
        RaftServerConfigKeys.Log.Appender.setRetryPolicy(properties, "10ms,50, 200ms,1000000");
    }

    /**
     * Ratis keeps entries as objects on the heap: those of the file that is written, of some files
     * before it, of the queue to the disk, and of the appends on their way to each follower.
     */
    private static void memory(RaftProperties properties, LogConfig config, long cacheBytes) {
        // A command larger than a batch is an entry of its own: itself and what wraps it.
        long entryBytes = config.commandBytes() + (1L << 20);
        long appendBytes = Math.max(Math.min(APPEND_BYTES, cacheBytes / 4), entryBytes);
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(
                properties, SizeInBytes.valueOf(appendBytes));
        RaftServerConfigKeys.Log.setWriteBufferSize(
                properties, SizeInBytes.valueOf(appendBytes + (1 << 20)));
        RaftServerConfigKeys.Log.setQueueByteLimit(
                properties, SizeInBytes.valueOf(Math.max(appendBytes, cacheBytes / 4)));
        GrpcConfigKeys.Server.setLeaderOutstandingAppendsMax(
                properties, Math.clamp(cacheBytes / 2 / appendBytes, 2, APPENDS_UNDER_WAY_MAX));
        RaftServerConfigKeys.Log.setSegmentCacheSizeMax(
                properties, SizeInBytes.valueOf(cacheBytes / 2));
        RaftServerConfigKeys.Log.setSegmentCacheNumMax(
                properties,
                Math.clamp(cacheBytes / 2 / config.segmentBytes(), 1, CACHED_SEGMENTS_MAX));
    }

    private static void snapshots(RaftProperties properties, LogConfig config) {
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
        RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, config.snapshotEntries());
        RaftServerConfigKeys.Snapshot.setCreationGap(properties, 1);
        RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(properties, false);
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, SnapshotShelf.KEPT);
        // A member that is down must not make the others keep their logs for ever.
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
        RaftServerConfigKeys.Log.setPurgePreservationLogNum(properties, config.keptEntries());
        RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
        GrpcConfigKeys.Server.setInstallSnapshotRequestElementLimit(
                properties, SNAPSHOT_CHUNKS_UNDER_WAY);
        RaftServerConfigKeys.Log.Appender.setSnapshotChunkSizeMax(
                properties, SizeInBytes.valueOf(SNAPSHOT_CHUNK_BYTES));
    }

    private static TimeDuration millis(Duration duration) {
        return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
    }
}
