package flotilla.platform.tls;

import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * What is spoken: TLS 1.2 and 1.3, and by which ciphers.
 *
 * @param least the oldest version
 * @param most the newest version
 * @param ciphers those of TLS 1.2, by their IANA names; empty: the JDK's choice. Those of 1.3 are
 *     always offered, as by Go
 */
public record TlsProtocol(Version least, Version most, List<String> ciphers) {
    public static final TlsProtocol DEFAULT =
            new TlsProtocol(Version.TLS1_2, Version.TLS1_3, List.of());

    /** What every JDK must have of TLS 1.3 (RFC 8446, 9.1), and its stronger sibling. */
    private static final List<String> TLS1_3_CIPHERS =
            List.of(
                    "TLS_AES_128_GCM_SHA256",
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_CHACHA20_POLY1305_SHA256");

    /** Older ones have known holes (RFC 8996). */
    public enum Version {
        TLS1_2("TLS1.2", "TLSv1.2"),
        TLS1_3("TLS1.3", "TLSv1.3");

        private final String flag;
        private final String name;

        Version(String flag, String name) {
            this.flag = flag;
            this.name = name;
        }

        /**
         * @param flag as etcd's flags say it, {@code TLS1.2}
         */
        public static Version of(String flag) {
            return Arrays.stream(values())
                    .filter(version -> version.flag.equals(flag))
                    .findFirst()
                    .orElseThrow(() ->
                            new IllegalArgumentException(
                                    "unexpected TLS version \""
                                            + flag
                                            + "\": want TLS1.2 or"
                                            + " TLS1.3"));
        }
    }

    public TlsProtocol {
        if (least.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "min version (%s) is greater than max version (%s)"
                            .formatted(least.flag, most.flag));
        }
        ciphers = ciphers.stream().map(TlsProtocol::ianaName).distinct().toList();
        if (!ciphers.isEmpty() && least == Version.TLS1_3) {
            throw new IllegalArgumentException(
                    "cipher suites cannot be configured when only TLS1.3 is enabled");
        }
        // Asking the JDK takes a moment: who names no cipher doesn't pay for it.
        Set<String> offered = ciphers.isEmpty() ? Set.of() : offered();
        for (String cipher : ciphers) {
            if (!offered.contains(cipher)) {
                throw new IllegalArgumentException(
                        "unexpected TLS cipher suite \""
                                + cipher
                                + "\"; there are "
                                + String.join(", ", offered.stream().sorted().toList()));
            }
        }
    }

    /** Go calls two of them by shorter names than IANA. */
    private static String ianaName(String cipher) {
        return cipher.endsWith("_CHACHA20_POLY1305") ? cipher + "_SHA256" : cipher;
    }

    private static Set<String> offered() {
        try {
            return Set.of(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    List<String> versions() {
        return Arrays.stream(Version.values())
                .filter(version -> version.compareTo(least) >= 0 && version.compareTo(most) <= 0)
                .map(version -> version.name)
                .toList();
    }

    /** In order of preference; empty: the JDK's choice. */
    List<String> allCiphers() {
        return ciphers.isEmpty()
                ? List.of()
                : Stream.concat(TLS1_3_CIPHERS.stream(), ciphers.stream()).distinct().toList();
    }
}
