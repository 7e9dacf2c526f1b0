package flotilla.cli.fleetctl;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options that say which fleet is asked, and how. They stand before a command of fleetctl, as
 * the original has them, and behind each command; {@link Connection} reads either.
 */
public final class ConnectionOptions {
    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            description =
                    "fleet's API: https://host:49153, http://host:port or unix:///path"
                            + " (FLEETCTL_ENDPOINT); else the cluster on this host, else"
                            + " unix:///var/run/fleet.sock")
    @Nullable String endpoint;

    @Option(
            names = "--cert-file",
            paramLabel = "FILE",
            description = "What to show at https://, in PEM (FLEETCTL_CERT_FILE)")
    @Nullable Path certificate;

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "The key of that certificate, in PEM (FLEETCTL_KEY_FILE)")
    @Nullable Path key;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description = "Whom to believe there, in PEM (FLEETCTL_CA_FILE)")
    @Nullable Path authority;

    @Option(
            names = "--tunnel",
            paramLabel = "HOST[:PORT]",
            description =
                    "Ask through ssh to that host, and as seen from there (FLEETCTL_TUNNEL):"
                            + " unless --endpoint says otherwise at its unix:///var/run/fleet.sock")
    @Nullable String tunnel;

    @Option(
            names = "--ssh-username",
            paramLabel = "USER",
            description = "Whom to be there; core if not said (FLEETCTL_SSH_USERNAME)")
    @Nullable String user;

    @Option(
            names = "--ssh-timeout",
            paramLabel = "SECONDS",
            description = "For each hop of ssh; 10 if not said (FLEETCTL_SSH_TIMEOUT)")
    @Nullable Double timeoutSeconds;

    @Option(
            names = "--known-hosts-file",
            paramLabel = "FILE",
            description =
                    "The hosts that ssh knows; ~/.fleetctl/known_hosts if not said"
                            + " (FLEETCTL_KNOWN_HOSTS_FILE)")
    @Nullable Path knownHosts;

    @Option(
            names = "--strict-host-key-checking",
            paramLabel = "true|false",
            arity = "0..1",
            fallbackValue = "true",
            description =
                    "Whether only known hosts count, of which a terminal is asked; true if not said"
                            + " (FLEETCTL_STRICT_HOST_KEY_CHECKING)")
    @Nullable Boolean strict;
}
