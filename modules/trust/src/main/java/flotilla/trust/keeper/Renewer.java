package flotilla.trust.keeper;

import flotilla.platform.Clock;
import flotilla.trust.authority.Authority;
import flotilla.trust.home.StoreCopies;
import flotilla.trust.home.TrustHome;
import flotilla.trust.join.Issuer;
import flotilla.trust.join.JoinException;
import flotilla.trust.join.Joiner;
import flotilla.trust.join.Joiner.Self;
import flotilla.trust.token.Renewal;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has this machine's certificates renewed when it is time, by any machine that signs. One that
 * signs itself asks nobody.
 */
public final class Renewer {
    private static final Logger log = LoggerFactory.getLogger(Renewer.class);

    private final TrustHome home;
    private final StoreCopies copies;
    private final Self self;
    private final Clock clock;
    private int failures;
    private long nextMillis;

    public Renewer(TrustHome home, StoreCopies copies, Self self, Clock clock) {
        this.home = home;
        this.copies = copies;
        this.self = self;
        this.clock = clock;
    }

    /** As its newest certificate says. */
    Renewal renewal() throws IOException {
        double jitter = (self.id().hashCode() & 0xffff) / (double) 0xffff;
        return new Renewal(home.self().endMillis(), jitter);
    }

    /**
     * Renews if it is time, and not too soon after an attempt that failed. Blocks.
     *
     * @param signers where to ask, the likeliest first
     * @return whether there are new certificates
     */
    public boolean renewIfDue(List<URI> signers) throws IOException, InterruptedException {
        long now = clock.now().toEpochMilli();
        Renewal renewal = renewal();
        if (!renewal.isDue(now) || now < nextMillis) {
            return false;
        }
        Optional<String> failure = attempt(signers);
        if (failure.isEmpty()) {
            failures = 0;
            nextMillis = 0;
            copies.refresh(home.credentials());
            log.info("this machine's certificates are renewed");
            return true;
        }
        failures++;
        nextMillis = now + renewal.pause(failures).toMillis();
        log.warn(
                "this machine's certificates could not be renewed, the next attempt is in {} min: {}",
                renewal.pause(failures).toMinutes(),
                failure.get());
        renewal.alarm(now).ifPresent(log::error);
        return false;
    }

    /** Empty: it is done; else why not. */
    private Optional<String> attempt(List<URI> signers) throws InterruptedException {
        try {
            Optional<Authority> own = home.signer();
            if (own.isPresent()) {
                var _ =
                        new Issuer(home.self().cluster(), own.get(), clock)
                                .found(home.credentials(), self);
                return Optional.empty();
            }
        } catch (IOException e) {
            log.error("this machine signs no certificates any more: {}", e.getMessage());
        }
        String why = "no machine that signs is known";
        for (URI signer : signers) {
            try {
                var _ = new Joiner(home.credentials()).renew(signer, self);
                return Optional.empty();
            } catch (JoinException e) {
                return Optional.of(signer + " refuses: " + e.getMessage());
            } catch (IOException e) {
                why = signer + ": " + e.getMessage();
            }
        }
        return Optional.of(why);
    }
}
