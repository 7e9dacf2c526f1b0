package flotilla.cli.cluster;

import flotilla.platform.http.HttpCaller;
import flotilla.platform.http.Reply;
import flotilla.platform.json.Json.JsonException;
import flotilla.platform.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** What a store member says of itself through etcd's JSON gateway (Maintenance.Status). */
final class MemberRole {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(2);

    private MemberRole() {}

    /** leader, follower, learner or "no leader"; empty when it does not answer. */
    static String of(String address) {
        URI uri = URI.create("http://" + address + ":2379");
        try (HttpCaller caller = HttpCaller.to(uri).timeout(ANSWER_MAX)) {
            Reply reply =
                    caller.call(
                            "POST",
                            "/v3/maintenance/status",
                            Map.of("Content-Type", "application/json"),
                            "{}".getBytes(StandardCharsets.UTF_8));
            return reply.status() == 200 ? role(JsonObject.read(reply.text())) : "";
        } catch (IOException | JsonException e) {
            return ""; // Down, or not serving yet: the boot column says which.
        }
    }

    private static String role(JsonObject status) {
        JsonObject header = status.object("header");
        String leader = status.text("leader");
        if (leader == null || leader.equals("0") || header == null) {
            return "no leader";
        }
        if (status.flag("isLearner")) {
            return "learner";
        }
        return leader.equals(header.text("member_id")) ? "leader" : "follower";
    }
}
