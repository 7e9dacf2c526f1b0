package flotilla.trust.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import flotilla.trust.token.Member;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * A machine that was admitted.
 *
 * @param role {@code member} or {@code machine}
 * @param expiresAt when its newest certificate ends, in RFC 3339
 * @param denied whether it was put out
 * @param signs whether it has the authority's key
 */
public record MemberBody(
        @JsonProperty("machineID") String machineId,
        String name,
        List<String> addresses,
        String role,
        String expiresAt,
        boolean denied,
        boolean signs) {
    static MemberBody of(Member member, boolean signs) {
        return new MemberBody(
                member.machineId(),
                member.name(),
                member.addresses(),
                member.role().name().toLowerCase(Locale.ROOT),
                Instant.ofEpochMilli(member.expiresAtMillis()).toString(),
                member.denied(),
                signs);
    }
}
