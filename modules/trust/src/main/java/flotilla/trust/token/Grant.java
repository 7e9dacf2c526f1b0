package flotilla.trust.token;

import java.time.Duration;
import java.util.Optional;

/**
 * What the cluster remembers of a token: enough to know it again, not enough to use it.
 *
 * @param id the token's
 * @param secretHash of its secret, in hex
 * @param expiresAtMillis wall clock, in milliseconds since 1970
 * @param usesLeft how many machines may yet join by it; each counts once, however often it asks
 * @param role of those who join by it
 * @param name the only machine that may, by host name; empty for any
 * @param madeBy who made it, in words
 */
public record Grant(
        String id,
        String secretHash,
        long expiresAtMillis,
        int usesLeft,
        Role role,
        Optional<String> name,
        String madeBy) {
    public static final Duration LIFE_DEFAULT = Duration.ofHours(1);

    /** A token that lies about longer is a password. */
    public static final Duration LIFE_MAX = Duration.ofHours(24);

    public static final int USES_MAX = 1_000;

    /** As it is when it was just made. */
    public static Grant of(JoinToken token, Terms terms, String madeBy, long nowMillis) {
        return new Grant(
                token.id(),
                token.secretHash(),
                nowMillis + terms.life().toMillis(),
                terms.uses(),
                terms.role(),
                terms.name(),
                madeBy);
    }

    /**
     * For how long a token counts, and for whom.
     *
     * @param life 1 s to {@link #LIFE_MAX}
     * @param uses 1 to {@link #USES_MAX} machines
     * @param name the only machine, by host name; empty for any
     */
    public record Terms(Duration life, int uses, Role role, Optional<String> name) {
        public static final Terms DEFAULT =
                new Terms(LIFE_DEFAULT, 1, Role.MEMBER, Optional.empty());

        public Terms {
            if (life.toMillis() < 1_000 || life.compareTo(LIFE_MAX) > 0) {
                throw new IllegalArgumentException(
                        "a join token lives for 1 s to %d h, not for %s: make another one when it has ended"
                                .formatted(LIFE_MAX.toHours(), life));
            }
            if (uses < 1 || uses > USES_MAX) {
                throw new IllegalArgumentException(
                        "1 to %d machines join by one token, not %d".formatted(USES_MAX, uses));
            }
        }
    }

    Grant used() {
        return new Grant(id, secretHash, expiresAtMillis, usesLeft - 1, role, name, madeBy);
    }
}
