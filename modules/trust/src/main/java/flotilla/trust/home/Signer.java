package flotilla.trust.home;

import flotilla.trust.authority.Authority;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The authority of this machine, from when it has one: a machine may come to sign while it runs.
 * May be asked by several threads.
 */
public final class Signer implements Supplier<Optional<Authority>> {
    private static final Logger log = LoggerFactory.getLogger(Signer.class);

    private final TrustHome home;
    private Optional<Authority> known = Optional.empty();
    private String trouble = "";

    public Signer(TrustHome home) {
        this.home = home;
    }

    /** Without the authority all runs on until certificates end: said, and no reason to stop. */
    @Override
    public synchronized Optional<Authority> get() {
        if (known.isEmpty() && Authority.isIn(home.authority())) {
            try {
                known = home.signer();
            } catch (IOException e) {
                tell(String.valueOf(e.getMessage()));
            }
        }
        return known;
    }

    private void tell(String words) {
        if (!words.equals(trouble)) {
            log.error(
                    "this machine signs no certificates any more, and those of others end within days: {}",
                    words);
            trouble = words;
        }
    }
}
