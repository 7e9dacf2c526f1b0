package flotilla.platform.tls;

import flotilla.platform.Clock;
import flotilla.platform.metrics.Metrics;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections whose handshake failed: all are counted, some are logged. For any thread. */
final class Refusals {
    private static final Logger log = LoggerFactory.getLogger(ServerTls.class);

    /** Lines in a {@link #WINDOW}; a crowd must not fill the disk. */
    static final int LINES_MAX = 10;

    static final Duration WINDOW = Duration.ofMinutes(1);

    private final Clock clock;
    private final AtomicLong refused = new AtomicLong();
    private long windowEndNanos;
    private int lines;
    private long unsaid;

    Refusals(Clock clock) {
        this.clock = clock;
        this.windowEndNanos = clock.nanos();
    }

    void show(Metrics metrics) {
        metrics.counter(
                "flotilla_tls_refused_total",
                "Connections that ended in the TLS handshake.",
                refused::get);
    }

    void tell(@Nullable SocketAddress remote, String reason) {
        refused.incrementAndGet();
        long unsaidBefore = admit();
        if (unsaidBefore >= 0) {
            log.warn(
                    "rejected connection from {}: {}{}",
                    remote,
                    reason,
                    unsaidBefore == 0 ? "" : " (and " + unsaidBefore + " more before)");
        }
    }

    /** How many were passed over before this line; negative: this one is passed over too. */
    private synchronized long admit() {
        long now = clock.nanos();
        if (now - windowEndNanos >= 0) {
            windowEndNanos = now + WINDOW.toNanos();
            lines = 0;
        }
        if (lines == LINES_MAX) {
            unsaid++;
            return -1;
        }
        lines++;
        long before = unsaid;
        unsaid = 0;
        return before;
    }

    /** What a person can use of a handshake's failure. */
    static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof CertificateException)) {
            cause = cause.getCause();
        }
        if (cause instanceof ClosedChannelException) {
            return "it hung up during the handshake";
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
