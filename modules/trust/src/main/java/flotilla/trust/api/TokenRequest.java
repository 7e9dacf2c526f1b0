package flotilla.trust.api;

import flotilla.trust.token.Grant;
import flotilla.trust.token.Grant.Terms;
import flotilla.trust.token.Role;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a join token is wanted for; what is left out is as {@link Terms#DEFAULT} says.
 *
 * @param role {@code member} or {@code machine}
 * @param seconds how long it counts
 * @param uses how many machines may join by it
 * @param name the only machine that may
 */
public record TokenRequest(
        @Nullable String role,
        @Nullable Long seconds,
        @Nullable Integer uses,
        @Nullable String name) {
    /**
     * @throws IllegalArgumentException in words
     */
    Terms terms() {
        return new Terms(
                seconds == null ? Grant.LIFE_DEFAULT : Duration.ofSeconds(seconds),
                uses == null ? 1 : uses,
                role == null ? Role.MEMBER : role(role),
                Optional.ofNullable(name));
    }

    private static Role role(String word) {
        return Arrays.stream(Role.values())
                .filter(role -> role.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "role \"%s\" is neither member nor machine".formatted(word)));
    }
}
