package flotilla.store.log.wal;

import java.io.IOException;

/**
 * A write or an fsync failed, so nobody knows what of the last batch is on the disk, and this log
 * takes no more: not even if the next attempt would succeed, for the system may have dropped the
 * pages that it could not write. The process must end; opening the log again finds out what is
 * there.
 */
public final class LogEnded extends IOException {
    private static final long serialVersionUID = 1;

    LogEnded(String attempt, IOException cause) {
        super(
                "the log has ended: can't %s: %s. Free or replace the disk, then start this member again"
                        .formatted(
                                attempt, cause.getMessage() == null ? cause : cause.getMessage()),
                cause);
    }
}
