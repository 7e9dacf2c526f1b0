package flotilla.cli.trust;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.platform.Clock;
import flotilla.trust.api.StoreBody;
import flotilla.trust.api.TrustException;
import flotilla.trust.authority.Authority;
import flotilla.trust.home.TrustHome;
import flotilla.trust.join.Issuer;
import flotilla.trust.join.JoinException;
import flotilla.trust.join.Joiner.Self;
import flotilla.trust.token.JoinToken;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The host and the cluster, which go on when the one who joins is killed. */
final class World implements Services, Signatory {
    static final Authority AUTHORITY =
            Authority.create("shop", Instant.parse("2026-01-01T00:00:00Z"));
    static final JoinToken TOKEN =
            JoinToken.of(AUTHORITY.publicKey(), new byte[JoinToken.RANDOM_BYTES]);

    /** SIGKILL. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    final TrustHome home;
    final Set<String> enabled = new TreeSet<>();
    final Set<String> running = new TreeSet<>();
    private final Set<String> keysAdmitted = new HashSet<>();
    int usesLeft = 1;

    /** How many times nobody answers who asks for certificates. */
    int deafFor;

    private boolean memberOfStore;
    boolean votes;
    private boolean reloaded;

    /** Half a call each: before what it does, and after. */
    int halvesUntilKill = Integer.MAX_VALUE;

    World(Path root) {
        home = TrustHome.below(root);
    }

    Station station(Path root) {
        return new Station(
                root,
                new Station.Around(System.getProperty("user.name"), this, this::whyNotListed));
    }

    private void half() {
        if (halvesUntilKill-- == 0) {
            throw new Killed();
        }
    }

    @Override
    public void certify(JoinToken token, Self self) throws IOException {
        if (deafFor > 0) {
            deafFor--;
            throw new IOException("nobody listens");
        }
        half();
        // The key is on the disk before it is shown: so the second time it is known.
        String key =
                new Issuer("shop", AUTHORITY, Clock.system())
                        .found(home.credentials(), self)
                        .keyHash();
        if (keysAdmitted.add(key) && usesLeft-- == 0) {
            throw new JoinException("used up");
        }
        half();
    }

    @Override
    public StoreBody joinStore() {
        half();
        memberOfStore = true;
        half();
        return new StoreBody(
                List.of("https://10.1.0.1:2379"),
                "core-01=https://10.1.0.1:2380,core-02=https://10.1.0.2:2380");
    }

    @Override
    public boolean vote() throws TrustException {
        half();
        if (!memberOfStore) {
            throw new TrustException(503, "the store knows no such member");
        }
        votes = running.contains("etcd.service");
        half();
        return votes;
    }

    @Override
    public StoreBody store() {
        throw new AssertionError("a member is told when it comes");
    }

    @Override
    public void reload() {
        half();
        reloaded = true;
        half();
    }

    @Override
    public void enable(String unit) {
        half();
        enabled.add(unit);
        half();
    }

    @Override
    public void start(String unit) {
        half();
        assertThat(reloaded).as("drop-ins are read before " + unit).isTrue();
        running.add(unit);
        half();
    }

    @Override
    public void begin(String unit) {
        start(unit);
    }

    @Override
    public String state(String unit) {
        return running.contains(unit) ? "active" : "inactive";
    }

    String whyNotListed(String id) {
        half();
        return running.contains("fleet.service") ? "" : "fleet does not run";
    }
}
