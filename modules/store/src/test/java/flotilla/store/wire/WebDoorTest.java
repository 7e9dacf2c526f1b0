package flotilla.store.wire;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebDoorTest {
    private static final String OWN = "http://127.77.0.11:2379";
    private static final WebDoor LOCAL =
            new WebDoor(
                    Set.of(OWN), Set.of("127.77.0.11", "::1"), request -> Response.text(200, "ok"));
    private static final WebDoor OPEN =
            new WebDoor(Set.of("*"), Set.of("*"), request -> Response.text(200, "ok"));

    private static Request request(String method, String host, String origin, String type) {
        Map<String, String> headers = new HashMap<>();
        headers.put("host", host);
        if (!origin.isEmpty()) {
            headers.put("origin", origin);
        }
        if (!type.isEmpty()) {
            headers.put("content-type", type);
        }
        return new Request(method, "/v3/kv/put", Map.of(), headers, new byte[0]);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, 127.77.0.11:2379, '', application/json, 200",
        "POST, 127.77.0.11, '', Application/JSON; charset=utf-8, 200",
        "POST, [::1]:2379, '', application/json, 200",
        "GET, 127.77.0.11:2379, '', '', 200",
        "POST, 127.77.0.11:2379, http://127.77.0.11:2379, application/json, 200",
        "POST, 127.77.0.11:2379, http://evil.example, application/json, 403",
        "POST, 127.77.0.11:2379, http://127.77.0.11, application/json, 403",
        "POST, 127.77.0.11:2379, null, application/json, 403",
        "OPTIONS, 127.77.0.11:2379, http://evil.example, '', 403",
        "GET, 127.77.0.11:2379, http://evil.example, '', 403",
        "GET, evil.example:2379, '', '', 403",
        "GET, 127.77.0.11.evil.example, '', '', 403",
        "GET, '', '', '', 403",
        "POST, 127.77.0.11:2379, '', text/plain, 415",
        "POST, 127.77.0.11:2379, '', application/jsonp, 415",
        "POST, 127.77.0.11:2379, '', text/plain; application/json, 415",
        "POST, 127.77.0.11:2379, '', '', 415",
    })
    void a_local_member_serves_its_owner_s_programs_and_no_web_page(
            String method, String host, String origin, String type, int status) throws Exception {
        assertThat(LOCAL.handle(request(method, host, origin, type)).status()).isEqualTo(status);
        assertThat(OPEN.handle(request(method, host, origin, type)).status()).isEqualTo(200);
    }

    @Test
    void only_an_origin_that_may_ask_is_told_so() throws Exception {
        String allowed = "Access-Control-Allow-Origin";
        Request own = request("GET", "127.77.0.11", OWN, "");
        Request none = request("GET", "127.77.0.11", "", "");

        assertThat(LOCAL.handle(own).headers()).containsEntry(allowed, OWN);
        assertThat(LOCAL.handle(none).headers()).doesNotContainKey(allowed);
        assertThat(OPEN.handle(none).headers()).containsEntry(allowed, "*");
    }
}
