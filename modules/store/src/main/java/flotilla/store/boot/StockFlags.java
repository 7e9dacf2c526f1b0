package flotilla.store.boot;

import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The flags of etcd 3.4 (those that 3.5 renamed too, and the old ones that 0.4 and 2 had), and what
 * becomes of each here: it is honoured, it makes no difference, or it is refused by name because
 * whoever gives it counts on something that isn't there.
 */
final class StockFlags {
    static final Set<String> HONOURED =
            Set.of(
                    "config-file",
                    "name",
                    "data-dir",
                    "listen-client-urls",
                    "advertise-client-urls",
                    "listen-peer-urls",
                    "initial-advertise-peer-urls",
                    "initial-cluster",
                    "initial-cluster-token",
                    "initial-cluster-state",
                    "discovery",
                    "force-new-cluster",
                    "heartbeat-interval",
                    "election-timeout",
                    "snapshot-count",
                    "max-txn-ops",
                    "quota-backend-bytes",
                    "auto-compaction-mode",
                    "auto-compaction-retention",
                    "cors",
                    "host-whitelist",
                    "max-request-bytes",
                    "max-concurrent-streams",
                    "grpc-keepalive-min-time",
                    "grpc-keepalive-interval",
                    "grpc-keepalive-timeout",
                    "experimental-corrupt-check-time",
                    "experimental-initial-corrupt-check",
                    "experimental-watch-progress-notify-interval",
                    "watch-progress-notify-interval",
                    // certificates; some since 3.5, ca-file of 0.4 and 2
                    "cert-file",
                    "key-file",
                    "trusted-ca-file",
                    "ca-file",
                    "client-cert-auth",
                    "client-crl-file",
                    "client-cert-allowed-hostname",
                    "auto-tls",
                    "peer-cert-file",
                    "peer-key-file",
                    "peer-trusted-ca-file",
                    "peer-ca-file",
                    "peer-client-cert-auth",
                    "peer-crl-file",
                    "peer-cert-allowed-cn",
                    "peer-cert-allowed-hostname",
                    "peer-auto-tls",
                    "cipher-suites",
                    "self-signed-cert-validity",
                    "tls-min-version",
                    "tls-max-version",
                    "peer-client-cert-file",
                    "peer-client-key-file",
                    "peer-skip-client-san-verification",
                    "experimental-peer-skip-client-san-verification",
                    // not etcd's
                    "experimental-max-streams",
                    "experimental-max-watches",
                    "experimental-max-watches-per-stream",
                    "experimental-denied-identities-file",
                    "experimental-guarded-prefix",
                    "experimental-guarded-prefix-token-file",
                    "experimental-local-client-url",
                    // etcd 0.4
                    "addr",
                    "peer-addr",
                    "bind-addr",
                    "peer-bind-addr",
                    "peer-election-timeout",
                    "peer-heartbeat-interval");

    /** Flags that this server has no use for, or that ask for what it does anyway. */
    static final Set<String> NO_DIFFERENCE =
            Set.of(
                    "auth-token-ttl",
                    "backend-batch-interval",
                    "backend-batch-limit",
                    "backend-bbolt-freelist-type",
                    "bcrypt-cost",
                    "client-cert-file",
                    "client-key-file",
                    "debug",
                    "discovery-fallback",
                    "enable-grpc-gateway",
                    "enable-pprof",
                    "enable-v2",
                    "experimental-backend-bbolt-freelist-type",
                    "experimental-compaction-batch-limit",
                    "experimental-enable-lease-checkpoint",
                    "experimental-warning-apply-duration",
                    "initial-election-tick-advance",
                    "log-format",
                    "log-level",
                    "log-output",
                    "log-outputs",
                    "log-package-levels",
                    "logger",
                    "max-snapshots",
                    "max-wals",
                    "metrics",
                    "pre-vote",
                    "proxy-dial-timeout",
                    "proxy-failure-wait",
                    "proxy-read-timeout",
                    "proxy-refresh-interval",
                    "proxy-write-timeout",
                    "snapshot-catchup-entries",
                    "socket-reuse-address",
                    "socket-reuse-port",
                    "strict-reconfig-check",
                    "unsafe-no-fsync");

    /** What is refused, and the value (besides none) that asks for nothing and is taken. */
    static final Map<String, String> NOT_OFFERED =
            Map.ofEntries(
                    Map.entry("auth-token", "simple"),
                    Map.entry("discovery-proxy", ""),
                    Map.entry("discovery-srv", ""),
                    Map.entry("discovery-srv-name", ""),
                    Map.entry("experimental-enable-v2v3", ""),
                    Map.entry("listen-metrics-urls", ""),
                    Map.entry("proxy", "off"),
                    Map.entry("wal-dir", ""));

    /** Flags that may stand without a value, and whose value is yes or no. */
    static final Set<String> SWITCHES =
            Set.of(
                    "auto-tls",
                    "client-cert-auth",
                    "debug",
                    "enable-grpc-gateway",
                    "enable-pprof",
                    "enable-v2",
                    "experimental-enable-lease-checkpoint",
                    "experimental-initial-corrupt-check",
                    "experimental-peer-skip-client-san-verification",
                    "force-new-cluster",
                    "initial-election-tick-advance",
                    "peer-auto-tls",
                    "peer-client-cert-auth",
                    "peer-skip-client-san-verification",
                    "pre-vote",
                    "socket-reuse-address",
                    "socket-reuse-port",
                    "strict-reconfig-check",
                    "unsafe-no-fsync");

    /** Go's words for yes and no. */
    private static final Set<String> YES = Set.of("1", "t", "T", "TRUE", "true", "True");

    private static final Set<String> NO = Set.of("0", "f", "F", "FALSE", "false", "False");

    private StockFlags() {}

    static Stream<String> all() {
        return Stream.of(HONOURED, NO_DIFFERENCE, NOT_OFFERED.keySet()).flatMap(Set::stream);
    }

    /** Whether a switch's value says yes. */
    static boolean isYes(String value) {
        return YES.contains(value);
    }

    static boolean knows(String name) {
        return HONOURED.contains(name)
                || NO_DIFFERENCE.contains(name)
                || NOT_OFFERED.containsKey(name);
    }

    /**
     * @throws IllegalArgumentException naming a flag that counts on what isn't there
     */
    static void check(String name, String value) {
        if (SWITCHES.contains(name) && !YES.contains(value) && !NO.contains(value)) {
            throw new IllegalArgumentException(
                    "--" + name + "=" + value + ": want 'true' or 'false'");
        }
        String nothing = NOT_OFFERED.get(name);
        if (nothing == null || value.isEmpty() || value.equals(nothing)) {
            return;
        }
        if (!SWITCHES.contains(name) || YES.contains(value)) {
            throw new IllegalArgumentException(
                    "--%s=%s is not offered here, and to go on without it might not be what you"
                                    .formatted(name, value)
                            + " count on: leave it out");
        }
    }
}
