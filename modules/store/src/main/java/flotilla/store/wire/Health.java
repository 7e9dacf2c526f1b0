package flotilla.store.wire;

import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import flotilla.platform.json.Json;
import flotilla.protocol.AlarmMember;
import flotilla.protocol.AlarmType;
import flotilla.store.apply.alarm.Alarms;
import flotilla.store.log.ReplicatedLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * What a prober is told.
 *
 * @param trouble why this member can't go on, once it can't
 */
record Health(ReplicatedLog log, Supplier<Alarms> alarms, Supplier<Optional<String>> trouble) {
    /** How long a health check waits for a linearizable read (etcd's). */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Any alarm makes it bad, but for those of the kinds that {@code exclude} names. */
    Response health(Request request) throws InterruptedException {
        boolean serializable =
                request.parameter("serializable").filter(value -> value.equals("true")).isPresent();
        Optional<String> why = trouble.get();
        boolean healthy =
                why.isEmpty()
                        && !alarmed(request.query().getOrDefault("exclude", List.of()))
                        && (serializable || readable());
        // A reason is etcd 3.5's; 3.4 has none to give.
        String body =
                why.map(reason ->
                                "{\"health\":\"false\",\"reason\":%s}"
                                        .formatted(Json.write(reason)))
                        .orElseGet(() -> "{\"health\":\"%s\"}".formatted(healthy));
        return new Response.Whole(
                healthy ? 200 : 503,
                Map.of("Content-Type", "text/plain; charset=utf-8"),
                body.getBytes(StandardCharsets.UTF_8));
    }

    private boolean alarmed(List<String> excluded) {
        return alarms.get().all().stream()
                .map(AlarmMember::getAlarm)
                .anyMatch(kind -> !excluded.contains(kind.name()));
    }

    /** Whether the process should be let be. */
    Response live() {
        return trouble.get()
                .map(why -> Response.text(503, why))
                .orElseGet(() -> Response.text(200, "ok"));
    }

    /** Whether requests should be sent here. */
    Response ready() throws InterruptedException {
        Optional<String> why = trouble.get();
        if (why.isPresent()) {
            return Response.text(503, why.get());
        }
        if (alarms.get().has(AlarmType.CORRUPT)) {
            return Response.text(
                    503, "alarm CORRUPT is raised: etcdctl alarm list names the member");
        }
        return readable() ? Response.text(200, "ok") : Response.text(503, "no leader");
    }

    /** Whether a linearizable read would be answered: the member has a leader and a majority. */
    private boolean readable() throws InterruptedException {
        try {
            log.readBarrier().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }
}
