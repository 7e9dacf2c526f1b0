package flotilla.trust.api;

import flotilla.trust.token.Grant;
import flotilla.trust.token.JoinToken;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A join token, as the cluster knows it.
 *
 * @param role {@code member} or {@code machine}
 * @param expiresAt RFC 3339
 * @param name the only machine that may join by it; null for any
 * @param token itself, told once, to who has it made
 * @param endpoint where to join by it; null where none is known
 */
public record TokenBody(
        String id,
        String role,
        String expiresAt,
        int usesLeft,
        @Nullable String name,
        String madeBy,
        @Nullable String token,
        @Nullable String endpoint) {
    static TokenBody of(Grant grant) {
        return new TokenBody(
                grant.id(),
                grant.role().name().toLowerCase(Locale.ROOT),
                Instant.ofEpochMilli(grant.expiresAtMillis()).toString(),
                grant.usesLeft(),
                grant.name().orElse(null),
                grant.madeBy(),
                null,
                null);
    }

    TokenBody with(JoinToken itself, @Nullable String where) {
        return new TokenBody(id, role, expiresAt, usesLeft, name, madeBy, itself.text(), where);
    }

    /** Without the token: it is for no log. */
    @Override
    public String toString() {
        return "TokenBody[" + id + "]";
    }
}
