package flotilla.platform.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Netty's headers as maps. */
final class Headers {
    private Headers() {}

    /**
     * By lower-case name, in their order; values of a name that comes again are joined (RFC 9110,
     * 5.3).
     */
    static Map<String, String> byName(HttpHeaders headers) {
        Map<String, String> byName = new LinkedHashMap<>();
        headers.forEach(header ->
                byName.merge(
                        header.getKey().toLowerCase(Locale.ROOT),
                        header.getValue(),
                        (one, other) -> one + ", " + other));
        return byName;
    }
}
