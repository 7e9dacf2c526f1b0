package flotilla.platform.tls;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import flotilla.platform.Clock;
import flotilla.platform.metrics.Metrics;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RefusalsTest {
    private static final InetSocketAddress REMOTE =
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 7);

    private final Logger logger = (Logger) LoggerFactory.getLogger(ServerTls.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private long nanos;

    private final Refusals refusals =
            new Refusals(
                    new Clock() {
                        @Override
                        public long nanos() {
                            return nanos;
                        }

                        @Override
                        public Instant now() {
                            return Instant.EPOCH;
                        }
                    });

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(lines);
    }

    private List<String> said() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void a_crowd_is_counted_whole_and_logged_in_part() {
        Metrics metrics = new Metrics();
        refusals.show(metrics);
        for (int i = 0; i < 1_000; i++) {
            refusals.tell(REMOTE, "because");
        }

        assertThat(said()).hasSize(Refusals.LINES_MAX);
        assertThat(said().getFirst()).isEqualTo("rejected connection from /127.0.0.1:7: because");
        assertThat(metrics.text()).contains("flotilla_tls_refused_total 1000.0");

        nanos += Refusals.WINDOW.toNanos();
        refusals.tell(REMOTE, "later");

        assertThat(said()).hasSize(Refusals.LINES_MAX + 1);
        assertThat(said().getLast())
                .isEqualTo("rejected connection from /127.0.0.1:7: later (and 990 more before)");
        nanos += Duration.ofSeconds(1).toNanos();
        refusals.tell(REMOTE, "once more");
        assertThat(said().getLast()).endsWith("once more");
    }

    @Test
    void a_reason_is_what_was_checked_last() {
        Throwable check = new CertificateException("the check's words", new Exception("path"));
        assertThat(Refusals.reason(new RuntimeException(new SSLHandshakeException("outer"))))
                .isEqualTo("outer");
        assertThat(Refusals.reason(new RuntimeException(check))).isEqualTo("the check's words");
        assertThat(Refusals.reason(new ClosedChannelException())).contains("hung up");
        assertThat(Refusals.reason(new IllegalStateException())).contains("IllegalState");
    }
}
