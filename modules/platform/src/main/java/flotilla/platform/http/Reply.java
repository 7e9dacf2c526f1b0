package flotilla.platform.http;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a server answered, whole.
 *
 * @param headers by lower-case name
 */
public record Reply(int status, Map<String, String> headers, byte[] body) {
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** Whether the status is 2xx. */
    public boolean ok() {
        return status / 100 == 2;
    }
}
