package flotilla.cli.trust;

import flotilla.cli.command.CommandFailure;
import flotilla.cli.command.UsageFailure;
import flotilla.trust.api.StoreBody;
import flotilla.trust.api.TrustException;
import flotilla.trust.home.UnitSettings;
import flotilla.trust.home.UnitSettings.Beginning;
import flotilla.trust.join.CredentialFiles;
import flotilla.trust.join.Joiner.Self;
import flotilla.trust.token.JoinToken;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A host's way into a cluster, step by step. Each step brings about what it names, whatever was
 * done before: so who broke off takes all of them again, and comes to the same.
 */
final class Joining {
    private final Station station;
    private final Signatory signatory;
    private final Self self;
    private final Optional<JoinToken> token;

    /**
     * @param token may be left out by a host that has its certificates
     */
    Joining(Station station, Signatory signatory, Self self, Optional<JoinToken> token) {
        this.station = station;
        this.signatory = signatory;
        this.self = self;
        this.token = token;
    }

    /** Something that is to come about. */
    @FunctionalInterface
    interface Step {
        void take() throws IOException, InterruptedException, TrustException;
    }

    /** All of them, in their order. */
    List<Step> steps() {
        return List.of(
                this::getCertificates,
                this::comeToTheStore,
                this::startTheStore,
                this::getAVote,
                this::startFleet,
                this::beListed);
    }

    /**
     * @throws IOException when somebody does not answer: the same goes on from there
     */
    void join() throws IOException, InterruptedException, TrustException {
        station.requireNoOtherStore(true);
        for (Step step : steps()) {
            step.take();
        }
        station.home().settle();
        Station.say(
                "%s is a machine of cluster %s"
                        .formatted(self.name(), station.home().self().cluster()));
    }

    private CredentialFiles files() {
        return station.home().credentials();
    }

    /** As its certificates say, and nobody else. */
    private boolean isMember() {
        return Files.exists(files().peer());
    }

    /** Those it has are kept: the token that brought them may have ended. */
    private void getCertificates() throws IOException, InterruptedException {
        if (station.home().hasCredentials()) {
            if (token.isPresent() && !files().isOf(token.get())) {
                throw new CommandFailure(
                        "this host is a machine of cluster %s, and the token is another cluster's"
                                .formatted(station.home().self().cluster()));
            }
            Station.say("This host has its certificates already");
            return;
        }
        if (token.isEmpty()) {
            throw new UsageFailure("a token is needed: --token-file FILE, or --token - to read it");
        }
        Station.say("Asking for certificates");
        signatory.certify(token.get(), self);
    }

    /** Says where it is, and to a member of it with whom it begins. */
    private void comeToTheStore() throws IOException, InterruptedException, TrustException {
        String where = self.addresses().getFirst();
        StoreBody store;
        Stream<String> own = Stream.empty();
        if (isMember()) {
            Station.say("Coming to the store as a member");
            store = signatory.joinStore();
            own = Stream.of(UnitSettings.url(where, UnitSettings.CLIENT_PORT));
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
        } else {
            store = signatory.store();
        }
        station.settings()
                .tellFleet(
                        where, Stream.concat(own, store.endpoints().stream()).distinct().toList());
        station.services().reload();
    }

    private void startTheStore() throws InterruptedException {
        if (isMember()) {
            Station.say("Starting the store, which gets what the others have");
            station.services().enable("etcd.service");
            station.services().begin("etcd.service");
        }
    }

    private void getAVote() throws IOException, InterruptedException {
        if (isMember()) {
            Station.await("the store gives this member no vote", this::whyNoVote);
        }
    }

    private String whyNoVote() throws InterruptedException {
        try {
            if (signatory.vote()) {
                return "";
            }
            return station.services().state("etcd.service").equals("failed")
                    ? "etcd.service has failed: journalctl -u etcd"
                    : "it has not got what the others have";
        } catch (IOException | TrustException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private void startFleet() throws InterruptedException {
        Station.say("Starting fleet");
        station.startFleet();
    }

    private void beListed() throws IOException, InterruptedException {
        station.awaitListed(self.id());
    }
}
