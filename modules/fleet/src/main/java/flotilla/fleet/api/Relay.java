package flotilla.fleet.api;

import flotilla.fleet.job.Machine;
import flotilla.platform.http.HttpCaller;
import flotilla.platform.http.Peers;
import flotilla.platform.http.ReplyStream;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Hands a question that names a machine ({@code machine=ID}) on to that one, and its answer back:
 * what a unit's init says of it, and its log, are known there alone. One that was handed on goes no
 * further. Blocks while the other machine has not begun to answer.
 */
final class Relay {
    /**
     * The longest silence of the other machine: thrice as long as a quiet stream is silent, and
     * less than who has asked this machine waits for it.
     */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(15);

    private final Function<String, Optional<Machine>> machines;
    private final String machineId;
    private final Optional<Peers> peers;

    /**
     * @param machines those in the cluster, by id
     * @param machineId this one's
     * @param peers how others are asked; empty where none would answer
     */
    Relay(Function<String, Optional<Machine>> machines, String machineId, Optional<Peers> peers) {
        this.machines = machines;
        this.machineId = machineId;
        this.peers = peers;
    }

    /** Empty when this machine is asked itself. */
    Optional<Response> answer(Request request) throws ApiException {
        Optional<String> asked = request.parameter("machine").filter(id -> !id.equals(machineId));
        if (asked.isEmpty()) {
            return Optional.empty();
        }
        if (request.header(Route.ASKED_BY.toLowerCase(Locale.ROOT)).isPresent()) {
            throw new ApiException(
                    421, "this is machine %s, and not %s".formatted(machineId, asked.get()));
        }
        Machine machine =
                machines.apply(asked.get())
                        .orElseThrow(() ->
                                new ApiException(
                                        404, "machine " + asked.get() + " is not in the cluster"));
        Peers known =
                peers.orElseThrow(() ->
                        new ApiException(
                                501,
                                "%s can't be asked from here, for machines speak to each other by certificates (flotilla init, flotilla join): ask it itself"
                                        .formatted(machine.label())));
        try {
            return Optional.of(ask(known.at(machine.publicIp()).timeout(SILENCE_MAX), request));
        } catch (IOException e) {
            throw new ApiException(502, machine.label() + " does not answer: " + e.getMessage());
        }
    }

    private static Response ask(HttpCaller caller, Request request) throws IOException {
        // Who it was is for that machine's log alone, and no header has all letters.
        String user = quoted(request.user().get());
        ReplyStream reply;
        try {
            reply = caller.open("GET", target(request), Map.of(Route.ASKED_BY, user), new byte[0]);
        } catch (IOException e) {
            caller.close();
            throw e;
        }
        String type = reply.headers().getOrDefault("content-type", "application/json");
        return new Response.Streamed(
                reply.status(), Map.of("Content-Type", type), new Handed(caller, reply));
    }

    /** What the other machine says, as it comes. */
    private record Handed(HttpCaller caller, ReplyStream reply) implements Response.StreamBody {
        @Override
        public void writeTo(Response.Sink sink) throws IOException {
            for (Optional<byte[]> part = reply.read(); part.isPresent(); part = reply.read()) {
                sink.write(part.get());
            }
        }

        @Override
        public void ended() {
            reply.close();
            caller.close();
        }
    }

    private static String target(Request request) {
        return request.query().entrySet().stream()
                .flatMap(parameter ->
                        parameter.getValue().stream()
                                .map(value -> quoted(parameter.getKey()) + "=" + quoted(value)))
                .collect(Collectors.joining("&", path(request) + "?", ""));
    }

    /** Of a path that was decoded. */
    private static String path(Request request) {
        return Stream.of(request.path().split("/", -1))
                .map(Relay::quoted)
                .collect(Collectors.joining("/"));
    }

    private static String quoted(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
