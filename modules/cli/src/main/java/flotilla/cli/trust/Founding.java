package flotilla.cli.trust;

import flotilla.cli.command.CommandFailure;
import flotilla.client.ClientConfig;
import flotilla.client.EtcdClient;
import flotilla.client.EtcdClientException;
import flotilla.platform.Clock;
import flotilla.trust.authority.Authority;
import flotilla.trust.home.UnitSettings;
import flotilla.trust.home.UnitSettings.Beginning;
import flotilla.trust.join.Issuer;
import flotilla.trust.join.Joiner.Self;
import flotilla.trust.registry.Registry;
import flotilla.trust.token.Member;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** A host becomes the first machine of a cluster. Goes on where it broke off before. */
final class Founding {
    private static final int ID_BYTES = 5;

    private final Station station;
    private final Self self;
    private final Optional<String> name;

    /**
     * @param name what the cluster is called; empty: something random
     */
    Founding(Station station, Self self, Optional<String> name) {
        this.station = station;
        this.self = self;
        this.name = name;
    }

    void found() throws IOException, InterruptedException {
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
        station.services().reload();
        Station.say("Starting the store");
        station.services().enable("etcd.service");
        station.services().start("etcd.service");
        enrol(first);
        Station.say("Starting fleet");
        station.startFleet();
        station.awaitListed(self.id());
        station.home().settle();
    }

    private Authority authority() throws IOException {
        Optional<Authority> there =
                Authority.isIn(station.home().authority())
                        ? station.home().signer()
                        : Optional.empty();
        if (there.isPresent()) {
            if (name.isPresent() && !name.get().equals(there.get().cluster())) {
                throw new CommandFailure(
                        "this host has begun cluster %s, and not %s"
                                .formatted(there.get().cluster(), name.get()));
            }
            return there.get();
        }
        String cluster = name.orElseGet(Founding::random);
        if (!cluster.matches("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")) {
            throw new CommandFailure(
                    "a cluster called %s: want lower-case letters, digits and hyphens, 40 at most"
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
}
