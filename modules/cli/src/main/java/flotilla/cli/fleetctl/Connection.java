package flotilla.cli.fleetctl;

import flotilla.cli.command.CommandFailure;
import flotilla.cli.command.UsageFailure;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.FleetException;
import flotilla.platform.http.HttpCaller;
import flotilla.platform.tls.CallerTls;
import flotilla.platform.tls.TlsFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which fleet a command talks to: the options that all of them share. */
public final class Connection {
    private static final String DEFAULT_ENDPOINT = "unix:///var/run/fleet.sock";

    /** A machine that has just booted, and a store that elects a leader, are ready within this. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final EndpointFinder finder;

    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            defaultValue = "${env:FLEETCTL_ENDPOINT}",
            description =
                    "fleet's API: https://host:49153, http://host:port or unix:///path"
                            + " (FLEETCTL_ENDPOINT); else the cluster on this host, else"
                            + " unix:///var/run/fleet.sock")
    private @Nullable String endpoint;

    @Option(
            names = "--cert-file",
            paramLabel = "FILE",
            defaultValue = "${env:FLEETCTL_CERT_FILE}",
            description = "What to show at https://, in PEM (FLEETCTL_CERT_FILE)")
    private @Nullable Path certificate;

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            defaultValue = "${env:FLEETCTL_KEY_FILE}",
            description = "The key of that certificate, in PEM (FLEETCTL_KEY_FILE)")
    private @Nullable Path key;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            defaultValue = "${env:FLEETCTL_CA_FILE}",
            description = "Whom to believe there, in PEM (FLEETCTL_CA_FILE)")
    private @Nullable Path authority;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    public Connection(EndpointFinder finder) {
        this.finder = finder;
    }

    /** What a command does with fleet, and what comes of it. */
    @FunctionalInterface
    interface Work<T> {
        T with(FleetClient fleet) throws InterruptedException;
    }

    /** Turns fleet's errors into words for the one at the terminal. */
    <T> T run(Work<T> work) throws InterruptedException {
        try {
            return ask(work);
        } catch (FleetException e) {
            if (e.code() == 0) {
                throw new CommandFailure(
                        e.getMessage()
                                + ": is the cluster up? 'flotilla up' starts one here, --endpoint"
                                + " names another");
            }
            throw new CommandFailure(e.getMessage() + " (HTTP " + e.code() + ")");
        }
    }

    /**
     * The same for whoever asks again.
     *
     * @throws FleetException as fleet says it
     */
    <T> T ask(Work<T> work) throws InterruptedException {
        try (FleetClient fleet = FleetClient.over(caller(), PATIENCE)) {
            return work.with(fleet);
        }
    }

    /** To ask by; close it. */
    public HttpCaller caller() {
        URI uri = uri();
        HttpCaller caller = HttpCaller.to(uri);
        TlsFiles files =
                new TlsFiles(
                        file(certificate, "--cert-file"),
                        file(key, "--key-file"),
                        file(authority, "--ca-file"),
                        Optional.empty());
        if (!"https".equals(uri.getScheme()) || files.equals(TlsFiles.NONE)) {
            return caller;
        }
        try {
            return caller.tls(CallerTls.of(files));
        } catch (IOException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()));
        }
    }

    private Optional<Path> file(@Nullable Path given, String option) {
        return given != null && !given.toString().isEmpty()
                ? Optional.of(given)
                : ofParents(option, Path.class);
    }

    private URI uri() {
        String text =
                endpoint == null || endpoint.isEmpty()
                        ? ofParents("--endpoint", String.class).orElse(null)
                        : endpoint;
        if (text == null || text.isEmpty()) {
            return finder.endpoint().orElse(URI.create(DEFAULT_ENDPOINT));
        }
        int comma = text.indexOf(',');
        if (comma >= 0) {
            System.err.println("warning: only the first endpoint is used");
        }
        String first = comma < 0 ? text : text.substring(0, comma);
        if (!first.contains("://")) {
            throw new UsageFailure(
                    "endpoint \"" + first + "\" has no scheme: https://host:port or unix:///path");
        }
        try {
            return URI.create(first.replaceFirst("^file://", "unix://"));
        } catch (IllegalArgumentException e) {
            throw new UsageFailure("endpoint \"" + first + "\" is no URL: " + e.getMessage());
        }
    }

    /** {@code fleetctl --endpoint URL list-units}: given before the command's name. */
    private <T> Optional<T> ofParents(String name, Class<T> type) {
        for (CommandSpec up = command.parent(); up != null; up = up.parent()) {
            OptionSpec option = up.findOption(name);
            if (option != null && type.isInstance(option.getValue())) {
                return Optional.of(type.cast(option.getValue()));
            }
        }
        return Optional.empty();
    }
}
