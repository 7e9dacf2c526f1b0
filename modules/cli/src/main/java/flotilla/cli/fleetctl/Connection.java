package flotilla.cli.fleetctl;

import flotilla.cli.command.CommandFailure;
import flotilla.cli.command.UsageFailure;
import flotilla.cli.ssh.OpenSsh;
import flotilla.cli.ssh.Place;
import flotilla.cli.ssh.Terminal;
import flotilla.cli.ssh.Tunnel;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.FleetException;
import flotilla.platform.http.HttpCaller;
import flotilla.platform.tls.CallerTls;
import flotilla.platform.tls.TlsFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/** Which fleet a command talks to: the options that all of them share. */
public final class Connection {
    private static final String DEFAULT_ENDPOINT = "unix:///var/run/fleet.sock";

    /** A machine that has just booted, and a store that elects a leader, are ready within this. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final double TIMEOUT_MAX_SECONDS = 3_600;

    private final EndpointFinder finder;
    private final Map<String, String> environment = System.getenv();
    private @Nullable Tunnel tunnel;
    private boolean hooked;

    /** What ssh said of a tunnel that brought no answer. */
    private String words = "";

    @Mixin final ConnectionOptions given = new ConnectionOptions();

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
                throw new CommandFailure(e.getMessage() + ": " + advice());
            }
            throw new CommandFailure(e.getMessage() + " (HTTP " + e.code() + ")");
        }
    }

    private String advice() {
        return isTunnelled()
                ? words
                        + (words.isEmpty() ? "" : ": ")
                        + "does fleet listen at %s there, and may %s open that (group fleet)?"
                                .formatted(remote(uri()), ssh().user())
                : "is the cluster up? 'flotilla up' starts one here, --endpoint names another";
    }

    /**
     * The same for whoever asks again.
     *
     * @throws FleetException as fleet says it
     */
    <T> T ask(Work<T> work) throws InterruptedException {
        try (FleetClient fleet = FleetClient.over(caller(), PATIENCE)) {
            return work.with(fleet);
        } catch (FleetException e) {
            if (e.code() == 0) {
                endTunnel();
            }
            throw e;
        }
    }

    /** To ask by; close it. */
    public HttpCaller caller() {
        URI uri = uri();
        HttpCaller caller = HttpCaller.to(uri);
        if (isTunnelled()) {
            caller = caller.via(tunnel(uri).address());
        }
        TlsFiles files =
                new TlsFiles(
                        file("--cert-file"),
                        file("--key-file"),
                        file("--ca-file"),
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

    private Optional<Path> file(String option) {
        return value(option, Path.class, Path::of);
    }

    /** Whether fleet is asked through ssh. */
    boolean isTunnelled() {
        return text("--tunnel").isPresent();
    }

    /** The way that the tunnel goes, for ssh to machines behind it. */
    Optional<OpenSsh.Over> over() {
        return isTunnelled() ? Optional.of(tunnel(uri()).way()) : Optional.empty();
    }

    private synchronized Tunnel tunnel(URI uri) {
        Tunnel open = tunnel;
        if (open == null) {
            open = Tunnel.open(ssh(), Place.parse(text("--tunnel").orElseThrow()), remote(uri));
            tunnel = open;
            // Whatever ends this process; but for SIGKILL, then ssh ends by itself.
            if (!hooked) {
                Runtime.getRuntime().addShutdownHook(new Thread(this::endTunnel, "tunnel"));
                hooked = true;
            }
        }
        return open;
    }

    /** One that did not bring an answer; whoever asks again has another. */
    private synchronized void endTunnel() {
        if (tunnel != null) {
            words = tunnel.lastWords();
            tunnel = null;
        }
    }

    /** Where the API is as seen from the other end. */
    private static String remote(URI uri) {
        if ("unix".equals(uri.getScheme())) {
            return uri.getPath();
        }
        int standard = "https".equals(uri.getScheme()) ? 443 : 80;
        return uri.getHost() + ":" + (uri.getPort() < 0 ? standard : uri.getPort());
    }

    /** ssh, as the options say it. */
    OpenSsh ssh() {
        double seconds = value("--ssh-timeout", Double.class, Connection::number).orElse(10.0);
        if (!(seconds > 0) || seconds > TIMEOUT_MAX_SECONDS) {
            throw new UsageFailure("--ssh-timeout " + seconds + ": want seconds, an hour at most");
        }
        return new OpenSsh(
                "ssh",
                text("--ssh-username").orElse("core"),
                Duration.ofMillis((long) Math.ceil(seconds * 1_000)),
                value("--known-hosts-file", Path.class, Path::of).orElseGet(Connection::knownHosts),
                value("--strict-host-key-checking", Boolean.class, Connection::truth).orElse(true),
                Terminal.canAsk());
    }

    private static Path knownHosts() {
        return Path.of(System.getProperty("user.home"), ".fleetctl", "known_hosts");
    }

    private static Double number(String text) {
        try {
            return Double.valueOf(text);
        } catch (NumberFormatException e) {
            throw new UsageFailure("'" + text + "' is no number of seconds");
        }
    }

    private static Boolean truth(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "t", "1" -> true;
            case "false", "f", "0" -> false;
            default -> throw new UsageFailure("'" + text + "' is neither true nor false");
        };
    }

    private URI uri() {
        Optional<String> text = text("--endpoint");
        if (text.isEmpty()) {
            URI standard = URI.create(DEFAULT_ENDPOINT);
            // Through a tunnel it is the other end's.
            return isTunnelled() ? standard : finder.endpoint().orElse(standard);
        }
        int comma = text.get().indexOf(',');
        if (comma >= 0) {
            System.err.println("warning: only the first endpoint is used");
        }
        String first = comma < 0 ? text.get() : text.get().substring(0, comma);
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

    private Optional<String> text(String option) {
        return value(option, String.class, text -> text).filter(text -> !text.isEmpty());
    }

    /**
     * Behind the command, or before it ({@code fleetctl --endpoint URL list-units}); else the
     * environment's.
     */
    private <T> Optional<T> value(String name, Class<T> type, Function<String, T> read) {
        for (CommandSpec at = command; at != null; at = at.parent()) {
            OptionSpec option = at.findOption(name);
            if (option != null && type.isInstance(option.getValue())) {
                return Optional.of(type.cast(option.getValue()));
            }
        }
        String variable = "FLEETCTL" + name.substring(1).replace('-', '_').toUpperCase(Locale.ROOT);
        return Optional.ofNullable(environment.get(variable))
                .filter(text -> !text.isEmpty())
                .map(read);
    }
}
