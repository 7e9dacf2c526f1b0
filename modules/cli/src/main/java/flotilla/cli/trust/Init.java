package flotilla.cli.trust;

import flotilla.cli.command.CommandFailure;
import flotilla.client.ClientConfig;
import flotilla.client.EtcdClient;
import flotilla.client.EtcdClientException;
import flotilla.fleet.api.FleetClient;
import flotilla.platform.Clock;
import flotilla.platform.http.HttpCaller;
import flotilla.platform.log.Logging;
import flotilla.trust.api.TokenRequest;
import flotilla.trust.api.TrustClient;
import flotilla.trust.api.TrustException;
import flotilla.trust.authority.Authority;
import flotilla.trust.home.UnitSettings;
import flotilla.trust.home.UnitSettings.Beginning;
import flotilla.trust.join.Issuer;
import flotilla.trust.join.Joiner.Self;
import flotilla.trust.registry.Registry;
import flotilla.trust.token.Member;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
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

    private static final int ID_BYTES = 5;

    @Option(names = "--name", paramLabel = "CLUSTER", description = "What it is called (random)")
    private @Nullable String name;

    @Option(
            names = "--address",
            paramLabel = "ADDRESS",
            description = "Where others reach this host (the one it goes out by)")
    private @Nullable String address;

    private final Station station = new Station();

    @Override
    public Integer call() throws InterruptedException {
        station.requireFit();
        Logging.start("warn", Logging.Format.TEXT);
        try {
            found();
            return 0;
        } catch (IOException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()));
        }
    }

    private void found() throws IOException, InterruptedException {
        Self self = station.self(address);
        if (station.home().hasCredentials() && station.home().signer().isEmpty()) {
            throw new CommandFailure(
                    "this host is a machine of cluster %s already"
                            .formatted(station.home().self().cluster()));
        }
        station.requireNoOtherStore(false);
        Authority authority = authority();
        String cluster = authority.cluster();
        Member first =
                new Issuer(cluster, authority, Clock.system())
                        .found(station.home().credentials(), self);
        station.copies().bring(station.home().credentials());
        String where = self.addresses().getFirst();
        Station.say("This is %s at %s, of cluster %s".formatted(self.name(), where, cluster));
        station.settings()
                .tellStore(
                        self.name(),
                        where,
                        new Beginning(
                                cluster,
                                self.name() + "=" + UnitSettings.url(where, UnitSettings.PEER_PORT),
                                false),
                        station.copies());
        station.settings()
                .tellFleet(where, List.of(UnitSettings.url(where, UnitSettings.CLIENT_PORT)));
        station.systemctl().reload();
        Station.say("Starting the store");
        station.systemctl().enable("etcd.service");
        station.systemctl().start("etcd.service");
        enrol(first);
        Station.say("Starting fleet");
        station.startFleet(self.id());
        Station.say("The cluster has its first machine. On the next, as root:");
        printToken();
    }

    private Authority authority() throws IOException {
        Optional<Authority> there =
                Authority.isIn(station.home().authority())
                        ? station.home().signer()
                        : Optional.empty();
        if (there.isPresent()) {
            if (name != null && !name.equals(there.get().cluster())) {
                throw new CommandFailure(
                        "this host has begun cluster %s, and not %s"
                                .formatted(there.get().cluster(), name));
            }
            return there.get();
        }
        String cluster = name == null ? random() : name;
        if (!cluster.matches("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")) {
            throw new CommandFailure(
                    "--name %s: want lower-case letters, digits and hyphens, 40 at most"
                            .formatted(cluster));
        }
        Authority fresh = Authority.create(cluster, Instant.now());
        fresh.keep(station.home().authority());
        return fresh;
    }

    private static String random() {
        byte[] id = new byte[ID_BYTES];
        new SecureRandom().nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    /** Nobody else could: it is the first that is remembered. */
    private void enrol(Member first) throws IOException, InterruptedException {
        ClientConfig config =
                ClientConfig.of(
                                UnitSettings.url(
                                        first.addresses().getFirst(), UnitSettings.CLIENT_PORT))
                        .withTls(station.home().credentials().asMachine());
        try (EtcdClient store = EtcdClient.connect(config)) {
            Registry registry = new Registry(store);
            Station.await(
                    "the store does not answer",
                    () -> {
                        try {
                            return registry.enrol(first) ? "" : "others change the same";
                        } catch (EtcdClientException e) {
                            return String.valueOf(e.getMessage());
                        }
                    });
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
