package flotilla.fleet.gate;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.platform.http.Request;
import flotilla.trust.authority.Right;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuditTest {
    private final List<String> lines = new ArrayList<>();
    private final Audit audit = new Audit(lines::add);

    private String told(String method, String path, String body) {
        lines.clear();
        audit.tell(
                new Caller("alice", "operator", Right.OPERATE),
                new Request(
                        method, path, Map.of(), Map.of(), body.getBytes(StandardCharsets.UTF_8)),
                201);
        return lines.getFirst();
    }

    @Test
    void a_line_says_who_did_what_to_which_unit_and_what_came_of_it() {
        assertThat(told("PUT", "/fleet/v1/units/a.service", "{}"))
                .isEqualTo("operator alice (operate): PUT /fleet/v1/units/a.service: 201");
    }

    @Test
    void it_names_the_units_of_a_restart() {
        assertThat(
                        told(
                                "POST",
                                "/flotilla/v1/restart",
                                "{\"units\":[\"a.service\",\"b.service\"]}"))
                .contains("restart [a.service, b.service]: 201");
    }

    @Test
    void it_says_nothing_of_what_a_unit_holds() {
        assertThat(
                        told(
                                "PUT",
                                "/fleet/v1/units/a.service",
                                "{\"options\":[{\"name\":\"Environment\",\"value\":\"PASSWORD=x\"}]}"))
                .doesNotContain("PASSWORD");
        assertThat(
                        told(
                                "POST",
                                "/flotilla/v1/rollouts",
                                "{\"name\":\"a@.service\",\"options\":[{\"value\":\"PASSWORD=x\"}]}"))
                .contains("a@.service")
                .doesNotContain("PASSWORD");
    }

    @Test
    void nobody_writes_a_second_line_into_it_or_one_without_end() {
        String line = told("DELETE", "/fleet/v1/units/a\nuser root (admin): \u001b[2J", "");
        assertThat(line).doesNotContain("\n").doesNotContain("\u001b");

        assertThat(
                        told(
                                "POST",
                                "/" + "x".repeat(9_000),
                                "{\"name\":\"" + "y".repeat(9_000) + "\"}"))
                .hasSizeLessThan(600);
    }
}
