package flotilla.cli.cluster;

import flotilla.platform.http.HttpCaller;
import flotilla.platform.http.Reply;
import flotilla.platform.json.Json.JsonException;
import flotilla.platform.json.JsonObject;
import flotilla.platform.tls.CallerTls;
import flotilla.platform.tls.TlsFiles;
import flotilla.provision.cluster.MachineCluster;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What a store member says of itself through etcd's JSON gateway (Maintenance.Status). */
final class MemberRole {
    /**
     * etcd's own, and what it was before there was a number for it; a user-data may ask for one.
     */
    private static final List<Integer> CLIENT_PORTS = List.of(2379, 4001);

    private static final Duration ANSWER_MAX = Duration.ofSeconds(2);

    private MemberRole() {}

    /** leader, follower, learner or "no leader"; empty when it does not answer. */
    static String of(MachineCluster cluster, String address) {
        TlsFiles tls = cluster.storeTls();
        String scheme = tls.equals(TlsFiles.NONE) ? "http://" : "https://";
        return CLIENT_PORTS.stream()
                .map(port -> ask(URI.create(scheme + address + ":" + port), tls))
                .filter(role -> !role.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static String ask(URI uri, TlsFiles tls) {
        try (HttpCaller caller = caller(uri, tls).timeout(ANSWER_MAX)) {
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

    private static HttpCaller caller(URI uri, TlsFiles tls) throws IOException {
        HttpCaller caller = HttpCaller.to(uri);
        return tls.equals(TlsFiles.NONE) ? caller : caller.tls(CallerTls.of(tls));
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
