package flotilla.cli.trust;

import flotilla.cli.command.CommandFailure;
import flotilla.fleet.api.FleetClient;
import flotilla.platform.http.HttpCaller;
import flotilla.platform.log.Logging;
import flotilla.trust.api.TokenRequest;
import flotilla.trust.api.TrustClient;
import flotilla.trust.api.TrustException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code flotilla init}: the first machine of a cluster. May be run again after it broke off. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = {
            Init.SUMMARY,
            "Makes the cluster's certificate authority, has etcd and fleet of this host speak by its",
            "certificates alone, starts them, and prints what to run on the next machine, and a token",
            "for it. Run again it goes on where it broke off, and prints another token."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla init",
            "  flotilla init --name shop --address 10.0.0.11",
            "",
            "What makes the authority stays below /var/lib/flotilla/trust/authority: whoever has it",
            "can let in anybody. Keep a copy where nobody else comes to."
        })
public final class Init implements Callable<Integer> {
    public static final String SUMMARY = "Make this host the first machine of a cluster.";

    @Option(names = "--name", paramLabel = "CLUSTER", description = "What it is called (random)")
    private @Nullable String name;

    @Option(
            names = "--address",
            paramLabel = "ADDRESS",
            description = "Where others reach this host (the one it goes out by)")
    private @Nullable String address;

    @Override
    public Integer call() throws InterruptedException {
        Station station = Station.ofThisHost();
        station.requireFit();
        Logging.start("warn", Logging.Format.TEXT);
        try {
            new Founding(station, station.self(address), Optional.ofNullable(name)).found();
            Station.say("The cluster has its first machine. On the next, as root:");
            printToken();
            return 0;
        } catch (IOException e) {
            throw new CommandFailure(
                    "%s; the same command goes on from here".formatted(e.getMessage()));
        }
    }

    private static void printToken() throws IOException {
        URI socket = FleetClient.at(FleetClient.socketOf(Path.of("/")));
        try (HttpCaller caller = HttpCaller.to(socket)) {
            TokenCreate.print(
                    new TrustClient(caller).makeToken(new TokenRequest(null, null, null, null)));
        } catch (TrustException e) {
            throw new CommandFailure(
                    "no token was made: %s: flotilla token create makes one"
                            .formatted(e.getMessage()));
        }
    }
}
