package flotilla.store.raft;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.raftlog.RaftLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has Ratis, which counts entries, take a snapshot when the log has grown by many bytes too, and
 * then forget what lies before the snapshot before. Belongs to the apply thread.
 */
final class SnapshotTrigger {
    /** Bytes of the log between two snapshots, and one entry more. */
    static final long BYTES = 64L << 20;

    /** How long Ratis may take over it before it is asked again. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final Logger log = LoggerFactory.getLogger(SnapshotTrigger.class);

    private final RaftServer server;
    private final RaftGroupId group;
    private final AtomicBoolean asked = new AtomicBoolean();
    private long bytes;
    private long last = RaftLog.INVALID_LOG_INDEX;

    SnapshotTrigger(RaftServer server, RaftGroupId group) {
        this.server = server;
        this.group = group;
    }

    void applied(long entryBytes) {
        bytes += entryBytes;
        if (bytes >= BYTES && asked.compareAndSet(false, true)) {
            ask().whenComplete((done, failure) -> asked.set(false))
                    .exceptionally(failure -> {
                        log.debug("no snapshot, asked again later: {}", failure.toString());
                        return null;
                    });
        }
    }

    private CompletableFuture<?> ask() {
        return server.snapshotManagementAsync(
                SnapshotManagementRequest.newCreate(
                        ClientId.randomId(), server.getId(), group, 0, PATIENCE.toMillis(), 1));
    }

    /**
     * @param index of the last entry in the snapshot, as Ratis counts
     */
    void taken(long index) throws IOException {
        if (bytes >= BYTES && last != RaftLog.INVALID_LOG_INDEX) {
            var _ = server.getDivision(group).getRaftLog().purge(last);
        }
        bytes = 0;
        last = index;
    }
}
