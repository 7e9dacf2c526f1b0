package flotilla.store.boot;

import flotilla.platform.tls.TlsFiles;
import flotilla.platform.tls.TlsOptions;
import flotilla.platform.tls.TlsProtocol;
import flotilla.platform.tls.TlsRules;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * etcd's flags on TLS, settled: {@code --cert-file} and its kin for clients, and the same with
 * {@code peer-} for members. Naming a trusted authority asks for certificates of who comes, as in
 * etcd, whatever {@code --client-cert-auth} says.
 */
final class TlsFlags {
    private final Function<String, Optional<String>> value;
    private final List<String> remarks = new ArrayList<>();

    /**
     * @param value what a flag was given, if anything
     */
    TlsFlags(Function<String, Optional<String>> value) {
        this.value = value;
    }

    /** The flags of one side, by the part of their names that differs. */
    private record Kin(String prefix, String who) {
        static final Kin CLIENT = new Kin("", "client");
        static final Kin PEER = new Kin("peer-", "peer");

        /** Flags that say "client" or "peer" where others say nothing or "peer". */
        String of(String rest) {
            return who + "-" + rest;
        }
    }

    /**
     * @throws IllegalArgumentException naming the flags that don't go together
     */
    MemberTls settle(List<URI> clientUrls, List<URI> peerUrls) {
        TlsProtocol protocol = protocol();
        MemberTls.Side clients = side(Kin.CLIENT, protocol, false);
        MemberTls.Side peers = side(Kin.PEER, protocol, checksPeerAddresses());
        clientUrls.forEach(url -> compare(url, Kin.CLIENT, clients));
        peerUrls.forEach(url -> compare(url, Kin.PEER, peers));
        TlsFiles dialling =
                new TlsFiles(
                        path("peer-client-cert-file"),
                        path("peer-client-key-file"),
                        Optional.empty(),
                        Optional.empty());
        if (dialling.certificate().isPresent() != dialling.key().isPresent()) {
            throw new IllegalArgumentException(
                    "--peer-client-cert-file and --peer-client-key-file go together: give both or"
                            + " neither");
        }
        return new MemberTls(clients, peers, dialling, years(), remarks);
    }

    private MemberTls.Side side(Kin kin, TlsProtocol protocol, boolean remoteAddress) {
        TlsFiles files =
                new TlsFiles(
                        path(kin.prefix() + "cert-file"),
                        path(kin.prefix() + "key-file"),
                        path(kin.prefix() + "trusted-ca-file")
                                .or(() -> path(kin.prefix() + "ca-file")),
                        path(kin.of("crl-file")),
                        path("experimental-denied-identities-file"));
        boolean mutual = isOn(kin.prefix() + "client-cert-auth") || files.trustedCa().isPresent();
        boolean auto = isOn(kin.prefix() + "auto-tls");
        if (auto && files.anonymous() && mutual) {
            throw new IllegalArgumentException(
                    "--%sauto-tls lets anybody in, and --%sclient-cert-auth (or --%strusted-ca-file) asks"
                                    .formatted(kin.prefix(), kin.prefix(), kin.prefix())
                            + " for certificates: give --%scert-file and --%skey-file instead of the former"
                                    .formatted(kin.prefix(), kin.prefix()));
        }
        if (auto && !files.anonymous()) {
            remarks.add("ignoring " + kin.who() + " auto TLS since certs given");
        }
        requireOneOf(kin);
        TlsRules rules =
                new TlsRules(
                        mutual ? TlsRules.Asking.MUST : TlsRules.Asking.NOT,
                        names(kin.of("cert-allowed-cn")),
                        names(kin.of("cert-allowed-hostname")),
                        remoteAddress,
                        false);
        remarkIfUnused(kin, rules);
        return new MemberTls.Side(
                new TlsOptions(files, rules, protocol), auto && files.anonymous());
    }

    /** etcd checks nothing then, and says nothing. */
    private void remarkIfUnused(Kin kin, TlsRules rules) {
        List<String> given =
                Stream.of("crl-file", "cert-allowed-cn", "cert-allowed-hostname")
                        .map(kin::of)
                        .filter(flag -> value.apply(flag).isPresent())
                        .map(flag -> "--" + flag)
                        .toList();
        if (!given.isEmpty() && !rules.clientCertificate()) {
            remarks.add(
                    "%s: nobody is kept out, for nobody is asked for a certificate; give --%sclient-cert-auth"
                            .formatted(String.join(", ", given), kin.prefix()));
        }
    }

    private void requireOneOf(Kin kin) {
        String name = kin.of("cert-allowed-cn");
        String host = kin.of("cert-allowed-hostname");
        if (value.apply(name).isPresent() && value.apply(host).isPresent()) {
            throw new IllegalArgumentException(
                    "--%s and --%s are mutually exclusive: give one".formatted(name, host));
        }
    }

    /** In etcd's words. */
    private void compare(URI url, Kin kin, MemberTls.Side side) {
        TlsFiles files = side.options().files();
        if (url.getScheme().equals("https")) {
            if (!side.hasCertificate()) {
                throw new IllegalArgumentException(
                        "TLS key/cert (--%scert-file, --%skey-file) must be provided for %s url %s with HTTPS scheme"
                                .formatted(kin.prefix(), kin.prefix(), kin.who(), url));
            }
            if (!side.auto() && files.certificate().isPresent() != files.key().isPresent()) {
                throw new IllegalArgumentException(
                        "KeyFile and CertFile must both be present: give --%scert-file and --%skey-file"
                                .formatted(kin.prefix(), kin.prefix()));
            }
            return;
        }
        if (!files.anonymous()) {
            remarks.add(
                    "scheme is HTTP while key and cert files are present; ignoring key and cert"
                            + " files for "
                            + kin.who()
                            + " url "
                            + url);
        }
        if (side.options().rules().clientCertificate()) {
            remarks.add(
                    "scheme is HTTP while --%sclient-cert-auth is enabled; ignoring client cert auth for this URL: %s"
                            .formatted(kin.prefix(), url));
        }
    }

    private TlsProtocol protocol() {
        try {
            return new TlsProtocol(
                    version("tls-min-version", TlsProtocol.DEFAULT.least()),
                    version("tls-max-version", TlsProtocol.DEFAULT.most()),
                    split("cipher-suites"));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "--tls-min-version, --tls-max-version, --cipher-suites: " + e.getMessage(), e);
        }
    }

    private TlsProtocol.Version version(String flag, TlsProtocol.Version otherwise) {
        return value.apply(flag).map(TlsProtocol.Version::of).orElse(otherwise);
    }

    private boolean checksPeerAddresses() {
        return !isOn("peer-skip-client-san-verification")
                && !isOn("experimental-peer-skip-client-san-verification");
    }

    private int years() {
        String flag = "self-signed-cert-validity";
        String text = value.apply(flag).orElse("1");
        try {
            int years = Integer.parseInt(text);
            if (years > 0) {
                return years;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--" + flag + "=" + text + ": want years", e);
        }
        throw new IllegalArgumentException(
                "--" + flag + "=" + text + ": it should be greater than 0");
    }

    private boolean isOn(String flag) {
        return value.apply(flag).filter(StockFlags::isYes).isPresent();
    }

    private Optional<Path> path(String flag) {
        return value.apply(flag).map(Path::of);
    }

    private Set<String> names(String flag) {
        return Set.copyOf(split(flag));
    }

    private List<String> split(String flag) {
        return Arrays.stream(value.apply(flag).orElse("").split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .distinct()
                .collect(Collectors.toUnmodifiableList());
    }
}
