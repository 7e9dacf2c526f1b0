package flotilla.discovery;

import flotilla.discovery.token.Entry;
import flotilla.discovery.token.Event;
import flotilla.discovery.token.Outcome.Reason;
import flotilla.discovery.token.Token;
import flotilla.platform.http.Response;
import flotilla.platform.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answers in etcd v2's JSON, with its headers. */
final class V2 {
    /** Where discovery.etcd.io kept its tokens; clients see it in keys, none relies on it. */
    private static final String REGISTRY = "/_etcd/registry/";

    /** One cluster, of this service alone, for ever. */
    private static final String CLUSTER_ID = "7e27652122e8b2ae";

    private V2() {}

    /** A node; absent fields are left out. */
    record Node(
            String key,
            @Nullable Boolean dir,
            @Nullable String value,
            @Nullable String expiration,
            @Nullable Long ttl,
            @Nullable List<Node> nodes,
            @Nullable Long modifiedIndex,
            @Nullable Long createdIndex) {}

    private record Action(String action, Node node, @Nullable Node prevNode) {}

    private record ErrorBody(int errorCode, String message, String cause, long index) {}

    static String path(String key) {
        return REGISTRY + key;
    }

    static Node directory(Token token, long nowMillis) {
        List<Node> nodes =
                token.visible().stream()
                        .map(entry -> file(token.name(), entry, nowMillis))
                        .toList();
        return new Node(
                path(token.name()),
                true,
                null,
                null,
                null,
                nodes.isEmpty() ? null : nodes,
                token.created(),
                token.created());
    }

    static Node config(Token token) {
        String key = path(token.name() + "/_config");
        List<Node> nodes = List.of(size(token));
        return new Node(key, true, null, null, null, nodes, token.created(), token.created());
    }

    static Node size(Token token) {
        return new Node(
                path(token.name() + "/_config/size"),
                null,
                Integer.toString(token.size()),
                null,
                null,
                null,
                token.created(),
                token.created());
    }

    static Node file(String token, Entry entry, long nowMillis) {
        boolean expires = entry.expiresMillis() != 0;
        long left = Math.ceilDiv(entry.expiresMillis() - nowMillis, 1000);
        return new Node(
                path(token + "/" + entry.key()),
                null,
                entry.value(),
                expires ? Instant.ofEpochMilli(entry.expiresMillis()).toString() : null,
                expires && left != 0 ? left : null,
                null,
                entry.modified(),
                entry.created());
    }

    static Response get(Node node, long index) {
        return json(200, Json.write(new Action("get", node, null)), index);
    }

    /** 201 when the key is new, as etcd. */
    static Response changed(Event event, long index) {
        int status = !event.removes() && event.previous().isEmpty() ? 201 : 200;
        return json(status, event(event), index);
    }

    static String event(Event event) {
        boolean gone = event.removes();
        Entry entry = event.entry();
        Node node =
                gone
                        ? new Node(
                                path(event.token() + "/" + entry.key()),
                                null,
                                null,
                                null,
                                null,
                                null,
                                entry.modified(),
                                entry.created())
                        : file(event.token(), entry, event.atMillis());
        Node before =
                event.previous()
                        .map(entryBefore -> file(event.token(), entryBefore, event.atMillis()))
                        .orElse(null);
        return Json.write(new Action(event.action(), node, before));
    }

    static Response error(Reason reason, String cause, long index) {
        String body = Json.write(new ErrorBody(reason.code(), reason.message(), cause, index));
        return json(reason.status(), body, index);
    }

    static Map<String, String> headers(long index) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("X-Etcd-Cluster-Id", CLUSTER_ID);
        headers.put("X-Etcd-Index", Long.toString(index));
        headers.put("X-Raft-Index", Long.toString(index));
        headers.put("X-Raft-Term", "1");
        return headers;
    }

    private static Response json(int status, String body, long index) {
        return new Response.Whole(
                status, headers(index), (body + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
