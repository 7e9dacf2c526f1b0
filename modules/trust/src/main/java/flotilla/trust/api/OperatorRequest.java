package flotilla.trust.api;

import org.jspecify.annotations.Nullable;

/**
 * A certificate that is wanted for a person.
 *
 * @param role {@code read}, {@code operate} or {@code admin}
 * @param seconds how long it counts; 8 h when left out
 * @param request the key, as a PKCS#10 request in PEM
 */
public record OperatorRequest(
        @Nullable String name,
        @Nullable String role,
        @Nullable Long seconds,
        @Nullable String request) {}
