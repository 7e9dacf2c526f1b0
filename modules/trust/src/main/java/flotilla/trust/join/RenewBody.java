package flotilla.trust.join;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a machine says when its certificate is to be followed by another: {@code POST /v1/renew}.
 *
 * @param certificate the newest that it has, in PEM; it may have ended
 * @param request its key, as a PKCS#10 request in PEM
 */
record RenewBody(
        @Nullable String certificate,
        @Nullable String name,
        @Nullable List<String> addresses,
        @Nullable String request) {}
