package flotilla.platform.tls;

import flotilla.platform.Clock;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Makes the JDK's TLS of {@link TlsOptions}. */
final class Contexts {
    /**
     * How long a client may take a session up again without showing its certificate. Short, for its
     * certificate may end meanwhile.
     */
    private static final Duration SESSION_MAX = Duration.ofMinutes(5);

    private final TlsOptions options;
    private final List<String> applications;
    private final Clock clock;
    private final Names names;

    /**
     * @param applications protocols over TLS (RFC 7301), the preferred first; empty: not negotiated
     */
    Contexts(TlsOptions options, List<String> applications, Clock clock, Names names) {
        this.options = options;
        this.applications = List.copyOf(applications);
        this.clock = clock;
        this.names = names;
    }

    /**
     * Contexts that follow their files.
     *
     * @throws IOException naming the file that can't be used, and what to do
     */
    SslContext server() throws IOException {
        return new RenewedContext(Renewed.of(options.files().all(), this::makeServer, clock));
    }

    SslContext client() throws IOException {
        return new RenewedContext(Renewed.of(options.files().all(), this::makeClient, clock));
    }

    private SslContext makeServer() throws IOException {
        Identity identity = identity();
        SslContextBuilder builder =
                SslContextBuilder.forServer(
                        identity.key(), identity.chain().toArray(X509Certificate[]::new));
        ClientAuth asked =
                switch (options.rules().asking()) {
                    case NOT -> ClientAuth.NONE;
                    case MAY -> ClientAuth.OPTIONAL;
                    case MUST -> ClientAuth.REQUIRE;
                };
        if (asked != ClientAuth.NONE) {
            builder.clientAuth(asked).trustManager(CheckedTrust.of(options, names));
        }
        return build(builder);
    }

    private SslContext makeClient() throws IOException {
        SslContextBuilder builder =
                SslContextBuilder.forClient().trustManager(CheckedTrust.of(options, names));
        if (!options.files().anonymous()) {
            Identity identity = identity();
            builder.keyManager(identity.key(), identity.chain().toArray(X509Certificate[]::new));
        }
        if (options.rules().unproved()) {
            builder.endpointIdentificationAlgorithm(null);
        }
        return build(builder);
    }

    private Identity identity() throws IOException {
        return Identity.read(
                file(options.files().certificate(), "certificate"),
                file(options.files().key(), "key"),
                clock.now());
    }

    private Path file(Optional<Path> file, String what) throws IOException {
        return file.orElseThrow(() ->
                new IOException(
                        "KeyFile and CertFile must both be present[key: %s, cert: %s]: name the"
                                        .formatted(
                                                options.files()
                                                        .key()
                                                        .map(Path::toString)
                                                        .orElse(""),
                                                options.files()
                                                        .certificate()
                                                        .map(Path::toString)
                                                        .orElse(""))
                                + " file of the "
                                + what
                                + " too"));
    }

    private SslContext build(SslContextBuilder builder) throws IOException {
        TlsProtocol protocol = options.protocol();
        builder.sslProvider(SslProvider.JDK)
                .protocols(protocol.versions())
                .sessionTimeout(SESSION_MAX.toSeconds());
        if (!protocol.allCiphers().isEmpty()) {
            builder.ciphers(protocol.allCiphers());
        }
        if (!applications.isEmpty()) {
            builder.applicationProtocolConfig(
                    new ApplicationProtocolConfig(
                            Protocol.ALPN,
                            SelectorFailureBehavior.NO_ADVERTISE,
                            SelectedListenerFailureBehavior.ACCEPT,
                            applications));
        }
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new IOException(
                    "TLS with the files " + options.files().all() + ": " + e.getMessage(), e);
        }
    }
}
