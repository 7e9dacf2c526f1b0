package flotilla.cli.trust;

import flotilla.cli.command.CommandFailure;
import flotilla.cli.command.UsageFailure;
import flotilla.platform.log.Logging;
import flotilla.trust.api.TrustException;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flotilla join}: this host becomes a machine of a cluster. May be run again. */
@Command(
        name = "join",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            Join.SUMMARY,
            "Tells the token only to who proves to be the authority that it names; has etcd (with a",
            "token for members) and fleet of this host speak by the certificates it is given; starts",
            "them, and returns when the machine is in the cluster's list. Run again after it broke",
            "off it goes on; then the token may be left out if it was used."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla join https://10.0.0.11:49153 --token-file /run/flotilla-token",
            "  flotilla join https://10.0.0.11:49153 --token -"
        })
public final class Join implements Callable<Integer> {
    public static final String SUMMARY = "Make this host a machine of a cluster, by a join token.";

    @Parameters(paramLabel = "URL", description = "A machine that signs: https://HOST:49153")
    private URI signer = URI.create("https://127.0.0.1");

    @Mixin private final TokenOptions token = new TokenOptions();

    @Option(
            names = "--address",
            paramLabel = "ADDRESS",
            order = 3,
            description = "Where others reach this host (the one it goes out by)")
    private @Nullable String address;

    @Override
    public Integer call() throws InterruptedException {
        if (!"https".equals(signer.getScheme()) || signer.getHost() == null) {
            throw new UsageFailure("%s: want https://HOST:49153".formatted(signer));
        }
        Station station = Station.ofThisHost();
        station.requireFit();
        Logging.start("warn", Logging.Format.TEXT);
        try {
            new Joining(
                            station,
                            new Signatory.At(signer, station.home().credentials()),
                            station.self(address),
                            token.read())
                    .join();
            return 0;
        } catch (TrustException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new CommandFailure(
                    "%s; the same command goes on from here".formatted(e.getMessage()));
        }
    }
}
