package flotilla.store.boot;

import flotilla.platform.Clock;
import flotilla.platform.tls.ClientTls;
import flotilla.platform.tls.SelfSigned;
import flotilla.platform.tls.ServerTls;
import flotilla.platform.tls.TlsFiles;
import flotilla.platform.tls.TlsOptions;
import flotilla.platform.tls.TlsRules;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * TLS of one member, from etcd's flags: towards clients, and towards other members in both
 * directions. It speaks to nobody until a part is opened.
 *
 * @param clients where clients are served
 * @param peers where members are served
 * @param dialling the files shown to other members that are dialled
 * @param selfSignedYears for how long a certificate of our own is made
 * @param remarks what was asked for and is not done, for the log
 */
public record MemberTls(
        Side clients, Side peers, TlsFiles dialling, int selfSignedYears, List<String> remarks) {
    /** What is spoken over TLS to clients; HTTP/1.1 first, or browsers and curl would get gRPC. */
    private static final List<String> CLIENT_APPLICATIONS = List.of("http/1.1", "h2");

    /**
     * One port's TLS.
     *
     * @param auto with a certificate that the member makes itself (etcd's {@code auto-tls})
     */
    public record Side(TlsOptions options, boolean auto) {
        boolean hasCertificate() {
            return auto || !options.files().anonymous();
        }

        private Side moved(UnaryOperator<Path> where) {
            return new Side(
                    new TlsOptions(
                            options.files().moved(where), options.rules(), options.protocol()),
                    auto);
        }
    }

    public MemberTls {
        remarks = List.copyOf(remarks);
    }

    /**
     * For the port where clients are served. A certificate of our own is made if one is asked for
     * and not there.
     *
     * @throws IOException naming the file that can't be used, and what to do
     */
    public ServerTls serveClients(EtcdConfig config) throws IOException {
        return ServerTls.open(
                withOwn(clients, config, config.listenClientUrls(), "client"), CLIENT_APPLICATIONS);
    }

    /** For the port where members are served; as {@link #serveClients}. */
    public ServerTls servePeers(EtcdConfig config) throws IOException {
        return ServerTls.open(withOwn(peers, config, config.listenPeerUrls(), "peer"), List.of());
    }

    /** For the connections to other members; as {@link #serveClients}. */
    public ClientTls dialPeers(EtcdConfig config) throws IOException {
        TlsOptions options = withOwn(peers, config, config.listenPeerUrls(), "peer");
        TlsRules rules = options.rules();
        return ClientTls.open(
                new TlsOptions(
                        peers.auto() || dialling.anonymous()
                                ? options.files()
                                : options.files()
                                        .withIdentity(
                                                dialling.certificate().orElseThrow(),
                                                dialling.key().orElseThrow()),
                        // Nobody vouches for certificates that members made themselves.
                        new TlsRules(
                                TlsRules.Asking.NOT,
                                rules.commonNames(),
                                rules.hostnames(),
                                false,
                                peers.auto()),
                        options.protocol()),
                List.of());
    }

    private TlsOptions withOwn(Side side, EtcdConfig config, List<URI> urls, String folder)
            throws IOException {
        TlsOptions options = side.options();
        if (!side.auto()) {
            return options;
        }
        Set<String> hosts =
                Stream.concat(urls.stream().map(MemberTls::host), Stream.of("localhost"))
                        .collect(Collectors.toCollection(LinkedHashSet::new));
        TlsFiles own =
                SelfSigned.in(
                        config.dataDir().resolve("fixtures").resolve(folder),
                        hosts,
                        selfSignedYears,
                        Clock.system());
        return new TlsOptions(
                options.files()
                        .withIdentity(own.certificate().orElseThrow(), own.key().orElseThrow()),
                options.rules(),
                options.protocol());
    }

    /** Without the brackets of an IPv6 address. */
    private static String host(URI url) {
        return url.getHost().replaceAll("[\\[\\]]", "");
    }

    MemberTls moved(UnaryOperator<Path> where) {
        return new MemberTls(
                clients.moved(where),
                peers.moved(where),
                dialling.moved(where),
                selfSignedYears,
                remarks);
    }
}
