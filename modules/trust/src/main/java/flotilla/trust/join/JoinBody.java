package flotilla.trust.join;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a machine says when it asks to be let in: {@code POST /v1/join}.
 *
 * @param token a join token
 * @param request its key, as a PKCS#10 request in PEM
 */
record JoinBody(
        @Nullable String token,
        @JsonProperty("machineID") @Nullable String machineId,
        @Nullable String name,
        @Nullable List<String> addresses,
        @Nullable String request) {}
