package flotilla.cli.trust;

import flotilla.cli.command.CommandFailure;
import flotilla.cloudconfig.apply.Membership;
import flotilla.cloudconfig.document.Belonging;
import flotilla.trust.api.TrustException;
import flotilla.trust.join.JoinException;
import flotilla.trust.join.Joiner.Self;
import flotilla.trust.token.JoinToken;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What {@code flotilla init} and {@code flotilla join} do, as a cloud-config asks for it at a
 * machine's first boot: the machine that signs may not be up yet, so it is asked again.
 */
public final class CloudMembership implements Membership {
    /** A machine that signs boots meanwhile, or somebody repairs it. */
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    private static final Duration PAUSE = Duration.ofSeconds(3);

    private static final int UNAVAILABLE = 503;

    private final Station station;
    private final Ways ways;
    private String told = "";

    /**
     * How it goes about.
     *
     * @param self who this machine is, reached at that address if there is one
     * @param signatory the machine that signs
     * @param pause between two attempts
     */
    record Ways(
            Function<Optional<String>, Self> self,
            Function<Belonging.Another, Signatory> signatory,
            Duration pause) {}

    CloudMembership(Station station, Ways ways) {
        this.station = station;
        this.ways = ways;
    }

    /** Of this host. */
    public static CloudMembership ofThisHost() {
        Station station = Station.ofThisHost();
        return new CloudMembership(
                station,
                new Ways(
                        address -> station.self(address.orElse(null)),
                        another ->
                                new Signatory.At(
                                        URI.create(another.url()), station.home().credentials()),
                        PAUSE));
    }

    @Override
    public void take(Belonging how) throws IOException, InterruptedException {
        if (station.home().hasSettled()) {
            Station.say(
                    "This is a machine of cluster %s already"
                            .formatted(station.home().self().cluster()));
            return;
        }
        Self self = ways.self().apply(how.address());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            String why = attempt(how, self);
            if (why.isEmpty()) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        "%s, and that for %d min: the next boot tries again, or systemctl restart flotilla-cloudinit"
                                .formatted(why, PATIENCE.toMinutes()));
            }
            if (!why.equals(told)) {
                Station.say("Not yet, trying on: " + why);
                told = why;
            }
            Thread.sleep(ways.pause());
        }
    }

    /** Empty: it is done; else why not yet. */
    private String attempt(Belonging how, Self self) throws IOException, InterruptedException {
        try {
            switch (how) {
                case Belonging.First first -> new Founding(station, self, first.name()).found();
                case Belonging.Another another -> join(another, self);
            }
            return "";
        } catch (JoinException e) {
            throw e; // Asked again it says the same.
        } catch (CommandFailure e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        } catch (TrustException e) {
            if (e.status() != UNAVAILABLE) {
                throw new IOException(String.valueOf(e.getMessage()), e);
            }
            return String.valueOf(e.getMessage());
        } catch (IOException e) {
            return e.getMessage() == null ? e.toString() : e.getMessage();
        }
    }

    private void join(Belonging.Another another, Self self)
            throws IOException, InterruptedException, TrustException {
        new Joining(
                        station,
                        ways.signatory().apply(another),
                        self,
                        station.home().hasCredentials() ? Optional.empty() : token(another))
                .join();
    }

    private static Optional<JoinToken> token(Belonging.Another another) throws IOException {
        @Nullable String text = another.token().orElse(null);
        if (text == null) {
            text = Files.readString(Path.of(another.tokenFile().orElseThrow()));
        }
        try {
            return Optional.of(JoinToken.parse(text));
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()));
        }
    }
}
