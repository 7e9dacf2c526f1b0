package flotilla.store.log;

import flotilla.platform.memory.MemoryBudget;
import flotilla.platform.memory.MemoryBudget.Share;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How one member runs its log.
 *
 * @param directory where the log and the snapshots live; made if missing
 * @param peerListen where this member listens for the others
 * @param heartbeat how often an idle leader is heard from; etcd's heartbeat-interval
 * @param election how long a follower waits for a leader before it stands for election, up to twice
 *     that; etcd's election-timeout, at least twice the heartbeat
 * @param patience how long a request waits beyond two elections; etcd's is 5 s
 * @param snapshotEntries log entries between two snapshots
 * @param keptEntries entries kept behind a snapshot for followers that lag a little
 * @param segmentBytes size of one log file; only whole files are purged
 * @param commandBytes the largest command that is proposed, {@value #MAX_COMMAND_BYTES} at most
 */
public record LogConfig(
        Path directory,
        InetSocketAddress peerListen,
        Duration heartbeat,
        Duration election,
        Duration patience,
        int snapshotEntries,
        int keptEntries,
        long segmentBytes,
        int commandBytes) {
    /** A command must fit a log file and a message between members, with room to spare. */
    public static final int MAX_COMMAND_BYTES = 16 << 20;

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int SNAPSHOT_ENTRIES = 10_000;
    private static final int KEPT_ENTRIES = 5_000;

    /**
     * Largest size of a log file, in bytes. Small heaps have smaller ones, for entries are held in
     * memory by whole files.
     */
    private static final long SEGMENT_BYTES_MAX = 32L << 20;

    /** Of the log cache: one file is written, one at least is kept, the rest is on its way. */
    private static final int SEGMENTS_IN_CACHE = 4;

    private static final int COMMAND_BYTES = 3 << 19;

    public LogConfig {
        directory = directory.toAbsolutePath().normalize();
        if (election.compareTo(heartbeat.multipliedBy(2)) < 0) {
            throw new IllegalArgumentException(
                    "election timeout " + election + " is under twice the heartbeat " + heartbeat);
        }
        if (snapshotEntries < 1 || keptEntries < 0 || segmentBytes < 1) {
            throw new IllegalArgumentException("snapshot and segment sizes must be positive");
        }
        if (commandBytes < 1 || commandBytes > MAX_COMMAND_BYTES) {
            throw new IllegalArgumentException(
                    "commands of " + commandBytes + " bytes: want 1 to " + MAX_COMMAND_BYTES);
        }
    }

    /** With etcd's patience. */
    public LogConfig(
            Path directory,
            InetSocketAddress peerListen,
            Duration heartbeat,
            Duration election,
            int snapshotEntries,
            int keptEntries,
            long segmentBytes,
            int commandBytes) {
        this(
                directory,
                peerListen,
                heartbeat,
                election,
                PATIENCE,
                snapshotEntries,
                keptEntries,
                segmentBytes,
                commandBytes);
    }

    /** etcd's own timings: heartbeat 100 ms, election 1 s. */
    public static LogConfig of(Path directory, InetSocketAddress peerListen) {
        return new LogConfig(
                directory,
                peerListen,
                Duration.ofMillis(100),
                Duration.ofMillis(1000),
                PATIENCE,
                SNAPSHOT_ENTRIES,
                KEPT_ENTRIES,
                segmentBytes(MemoryBudget.ofThisJvm()),
                COMMAND_BYTES);
    }

    private static long segmentBytes(MemoryBudget budget) {
        return Math.min(SEGMENT_BYTES_MAX, budget.bytes(Share.LOG_CACHE) / SEGMENTS_IN_CACHE);
    }

    /** How long a request may take. */
    public Duration requestTimeout() {
        return patience.plus(election.multipliedBy(2));
    }
}
