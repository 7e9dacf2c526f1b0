package flotilla.cli.trust;

import flotilla.cli.command.CommandFailure;
import flotilla.cli.command.UsageFailure;
import flotilla.platform.http.HttpCaller;
import flotilla.platform.log.Logging;
import flotilla.platform.tls.CallerTls;
import flotilla.trust.api.StoreBody;
import flotilla.trust.api.TrustClient;
import flotilla.trust.api.TrustException;
import flotilla.trust.home.UnitSettings;
import flotilla.trust.home.UnitSettings.Beginning;
import flotilla.trust.join.CredentialFiles;
import flotilla.trust.join.Joiner;
import flotilla.trust.join.Joiner.Self;
import flotilla.trust.token.JoinToken;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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

    /** More than a change of the store's members may take. */
    private static final Duration ANSWER_MAX = Duration.ofSeconds(45);

    @Parameters(paramLabel = "URL", description = "A machine that signs: https://HOST:49153")
    private URI signer = URI.create("https://127.0.0.1");

    @Mixin private final TokenOptions token = new TokenOptions();

    @Option(
            names = "--address",
            paramLabel = "ADDRESS",
            order = 3,
            description = "Where others reach this host (the one it goes out by)")
    private @Nullable String address;

    private final Station station = new Station();

    @Override
    public Integer call() throws InterruptedException {
        if (!"https".equals(signer.getScheme()) || signer.getHost() == null) {
            throw new UsageFailure("%s: want https://HOST:49153".formatted(signer));
        }
        station.requireFit();
        Logging.start("warn", Logging.Format.TEXT);
        try {
            join();
            return 0;
        } catch (TrustException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new CommandFailure(
                    "%s; the same command goes on from here".formatted(e.getMessage()));
        }
    }

    private void join() throws IOException, InterruptedException, TrustException {
        Self self = station.self(address);
        station.requireNoOtherStore(true);
        credentials(self);
        if (Files.exists(files().peer())) {
            asMember(self);
        } else {
            asMachine(self);
        }
        Station.say("Starting fleet");
        station.startFleet(self.id());
        Station.say(
                "%s is a machine of cluster %s"
                        .formatted(self.name(), station.home().self().cluster()));
    }

    private CredentialFiles files() {
        return station.home().credentials();
    }

    /** Those it has are kept: the token that brought them may have ended. */
    private void credentials(Self self) throws IOException, InterruptedException {
        Optional<JoinToken> given = token.read();
        if (station.home().hasCredentials()) {
            if (given.isPresent() && !files().isOf(given.get())) {
                throw new CommandFailure(
                        "this host is a machine of cluster %s, and the token is another cluster's"
                                .formatted(station.home().self().cluster()));
            }
            Station.say("This host has its certificates already");
            return;
        }
        if (given.isEmpty()) {
            throw new UsageFailure("a token is needed: --token-file FILE, or --token - to read it");
        }
        Station.say("Asking %s for certificates".formatted(signer));
        var _ = new Joiner(files()).join(signer, given.get(), self);
    }

    private void asMember(Self self) throws IOException, InterruptedException, TrustException {
        String where = self.addresses().getFirst();
        Station.say("Coming to the store as a member");
        StoreBody store = ask(TrustClient::joinStore);
        station.copies().bring(files());
        station.settings()
                .tellStore(
                        self.name(),
                        where,
                        new Beginning(
                                station.home().self().cluster(),
                                Objects.requireNonNullElse(store.initialCluster(), ""),
                                true),
                        station.copies());
        String own = UnitSettings.url(where, UnitSettings.CLIENT_PORT);
        station.settings()
                .tellFleet(
                        where,
                        Stream.concat(Stream.of(own), store.endpoints().stream())
                                .distinct()
                                .toList());
        station.systemctl().reload();
        station.systemctl().enable("etcd.service");
        Station.say("Starting the store, which gets what the others have");
        station.systemctl().begin("etcd.service");
        Station.await("the store gives this member no vote", this::whyNoVote);
    }

    private String whyNoVote() throws InterruptedException {
        try {
            if (ask(TrustClient::vote).votes()) {
                return "";
            }
            return station.systemctl().state("etcd.service").equals("failed")
                    ? "etcd.service has failed: journalctl -u etcd"
                    : "it has not got what the others have";
        } catch (IOException | TrustException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private void asMachine(Self self) throws IOException, InterruptedException, TrustException {
        List<String> endpoints = ask(TrustClient::store).endpoints();
        station.settings().tellFleet(self.addresses().getFirst(), endpoints);
        station.systemctl().reload();
    }

    private <T> T ask(Asking.Question<T> question) throws IOException, TrustException {
        try (HttpCaller caller =
                HttpCaller.to(signer).tls(CallerTls.of(files().asMachine())).timeout(ANSWER_MAX)) {
            return question.of(new TrustClient(caller));
        }
    }
}
