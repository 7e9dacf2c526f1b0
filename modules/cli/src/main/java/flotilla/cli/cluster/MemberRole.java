package flotilla.cli.cluster;

import flotilla.platform.http.HttpCaller;
import flotilla.platform.http.Reply;
import flotilla.platform.json.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a store member says of itself through etcd's JSON gateway (Maintenance.Status). */
final class MemberRole {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(2);

    private record Header(@Nullable String member_id) {}

    private record Status(@Nullable Header header, @Nullable String leader) {}

    private MemberRole() {}

    /** leader, follower or "no leader"; empty when it does not answer. */
    static String of(String address) {
        URI uri = URI.create("http://" + address + ":2379");
        try (HttpCaller caller = HttpCaller.to(uri).timeout(ANSWER_MAX)) {
            Reply reply =
                    caller.call(
                            "POST",
                            "/v3/maintenance/status",
                            Map.of("Content-Type", "application/json"),
                            "{}".getBytes(StandardCharsets.UTF_8));
            return reply.status() == 200 ? role(Json.read(reply.text(), Status.class)) : "";
        } catch (IOException | Json.JsonException e) {
            return ""; // Down, or not serving yet: the boot column says which.
        }
    }

    private static String role(Status status) {
        if (status.leader() == null || status.leader().equals("0") || status.header() == null) {
            return "no leader";
        }
        return status.leader().equals(status.header().member_id()) ? "leader" : "follower";
    }
}
