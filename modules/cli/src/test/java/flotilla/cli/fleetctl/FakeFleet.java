package flotilla.cli.fleetctl;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import flotilla.fleet.api.FleetClient;
import flotilla.platform.json.Json;
import flotilla.platform.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A fleet in memory behind real HTTP: units, what machines say of them, machines, and a stream of
 * what changes, all of it told by the test. Whoever sets a unit's state has it there at once.
 */
final class FakeFleet implements AutoCloseable {
    /** The generation at which it wants anew what it is asked to start anew. */
    static final long RESTART = 7;

    private final HttpServer server = server();
    private final Map<String, Unit> units = new TreeMap<>();
    private final Map<String, State> states = new TreeMap<>();
    private final Map<String, String> eligibility = new TreeMap<>();
    private final Map<String, String> statuses = new TreeMap<>();
    private final Map<String, String> rollouts = new ConcurrentHashMap<>();
    private final List<String> rolledOut = new CopyOnWriteArrayList<>();
    private final Map<String, String> refusals = new TreeMap<>();
    private final Map<String, Long> carriedOut = new TreeMap<>();
    private final List<String> restarts = new CopyOnWriteArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> lastIds = new CopyOnWriteArrayList<>();
    private long forgotten;
    private long cut;
    private boolean original;

    private record Unit(String desired, @Nullable String current, String machine) {
        String json(String name) {
            return "{\"name\":\"%s\",\"desiredState\":\"%s\",%s\"machineID\":\"%s\"}"
                    .formatted(
                            name,
                            desired,
                            current == null ? "" : "\"currentState\":\"" + current + "\",",
                            machine);
        }
    }

    private record State(String unit, String machine, String active, String sub) {
        String json() {
            return "{\"name\":\"%s\",\"machineID\":\"%s\",\"systemdLoadState\":\"loaded\",\"systemdActiveState\":\"%s\",\"systemdSubState\":\"%s\"}"
                    .formatted(unit, machine, active, sub);
        }
    }

    FakeFleet() {
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    FleetClient client(Duration patience) {
        return FleetClient.to(endpoint(), patience);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** As the original, which tells no events. */
    synchronized void tellNoEvents() {
        original = true;
    }

    /** One that is not global, on m1. */
    synchronized void unit(String name, String desired, String current) {
        units.put(name, new Unit(desired, current, "m1"));
        tell("unit", name, "");
    }

    synchronized void unitGone(String name) {
        units.remove(name);
        tell("unit", name, "");
    }

    synchronized void state(String name, String machine, String active, String sub) {
        states.put(name + "@" + machine, new State(name, machine, active, sub));
        tell("state", name, machine);
    }

    synchronized void stateGone(String name, String machine) {
        states.remove(name + "@" + machine);
        tell("state", name, machine);
    }

    synchronized void moved(String name, String machine) {
        units.computeIfPresent(name, (_, u) -> new Unit(u.desired(), u.current(), machine));
        tell("placement", name, machine);
    }

    synchronized void machine(String id, String word) {
        eligibility.put(id, word);
        tell("eligibility", id, id);
    }

    /** What fleet says of a unit that waits. */
    synchronized void status(String name, String json) {
        statuses.put(name, json);
    }

    /**
     * What is kept of a unit, or with an empty name the last of all.
     *
     * @param json as of {@code /history}
     */
    synchronized void history(String name, String json) {
        statuses.put(name + " history", json);
    }

    /** Something that is done now. */
    synchronized void tells(String data) {
        told.add("id: %d\nevent: history\ndata: %s\n\n".formatted(told.size() + 1, data));
        notifyAll();
    }

    /** Has fleet refuse to create a unit. */
    synchronized void refuse(String name, String why) {
        refusals.put(name, why);
    }

    /** How a rollout is now, as fleet tells it. */
    synchronized void rollout(String name, String json) {
        rollouts.put(name, json);
        tell("rollout", name, "");
    }

    /** What was asked of rollouts: path and body. */
    List<String> rolledOut() {
        return rolledOut;
    }

    private void rollout(HttpExchange exchange, String path) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (!body.isEmpty()) {
            rolledOut.add(path + " " + body);
        }
        String named = path.replaceFirst("^/flotilla/v1/rollouts/?", "");
        String name = named.isEmpty() ? String.valueOf(JsonObject.read(body).text("name")) : named;
        String known = rollouts.getOrDefault(name, "");
        send(exchange, known.isEmpty() ? 404 : 200, known);
    }

    /** Cuts all who listen; they may come back. */
    synchronized void cut() {
        cut++;
        notifyAll();
    }

    /** What was told until now is not to be had any more. */
    synchronized void forget() {
        forgotten = told.size();
    }

    /** Requests that were answered, as {@code GET /path}. */
    List<String> asked(String what) {
        return asked.stream().filter(request -> request.startsWith(what)).toList();
    }

    /** What those who listened had seen last; empty for nothing. */
    List<String> lastIds() {
        return lastIds;
    }

    synchronized String desired(String unit) {
        Unit known = units.get(unit);
        return known == null ? "" : known.desired();
    }

    private void tell(String kind, String name, String machine) {
        String data =
                "{\"kind\":\"%s\",\"name\":\"%s\",\"machineID\":\"%s\",\"removed\":false}"
                        .formatted(kind, name, machine);
        told.add("id: %d\nevent: %s\ndata: %s\n\n".formatted(told.size() + 1, kind, data));
        notifyAll();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String request = exchange.getRequestMethod() + " " + path;
        try (exchange) {
            if (original && path.startsWith("/flotilla/")) {
                send(exchange, 404, "");
                return;
            }
            if (path.equals("/flotilla/v1/events")) {
                asked.add(request + "?" + exchange.getRequestURI().getQuery());
                stream(exchange);
                return;
            }
            if (path.startsWith("/flotilla/v1/rollouts")) {
                rollout(exchange, path);
                asked.add(request);
                return;
            }
            String name = path.replaceFirst("^/(fleet|flotilla)/v1/units/([^/]*).*", "$2");
            switch (exchange.getRequestMethod()) {
                case "PUT" -> put(exchange, name);
                case "POST" -> restart(exchange);
                case "DELETE" -> send(exchange, delete(name) ? 204 : 404, "");
                default -> get(exchange, path, name);
            }
        }
        asked.add(request);
    }

    private void get(HttpExchange exchange, String path, String name) throws IOException {
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        String body =
                switch (path) {
                    case "/fleet/v1/units", "/flotilla/v1/units" -> list(unit -> true);
                    case "/flotilla/v1/machines/m1/units" ->
                            list(unit -> unit.machine().equals("m1"));
                    case "/fleet/v1/state", "/flotilla/v1/state" -> states(query);
                    case "/flotilla/v1/machines", "/fleet/v1/machines" -> machines();
                    case "/flotilla/v1/defaults" -> "{\"placement\":\"spread\"}";
                    default -> one(path, name);
                };
        send(exchange, body.isEmpty() ? 404 : 200, body);
    }

    private record Asked(List<String> units, boolean together) {}

    private void restart(HttpExchange exchange) throws IOException {
        Asked asked =
                Json.read(
                        new String(
                                exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                        Asked.class);
        List<String> names = asked.units();
        String generations =
                names.stream()
                        .map(name -> "\"%s\":%d".formatted(name, RESTART))
                        .collect(Collectors.joining(",", "{\"generations\":{", "}}"));
        restarts.add(String.join(" ", names) + (asked.together() ? " together" : ""));
        send(exchange, 200, generations);
    }

    /** How far the machine of a unit is. */
    synchronized void carriedOut(String name, long generation) {
        carriedOut.put(name, generation);
        tell("acknowledgement", name, "m1");
    }

    /** The units of each request, with {@code together} behind them if they were not in turn. */
    List<String> restarts() {
        return restarts;
    }

    private synchronized String one(String path, String name) {
        if (path.endsWith("/progress") && units.containsKey(name)) {
            return "{\"name\":\"%s\",\"desiredState\":\"%s\",\"generation\":%d,\"machines\":[{\"machineID\":\"m1\",\"generation\":%d}]}"
                    .formatted(name, desired(name), RESTART, carriedOut.getOrDefault(name, 1L));
        }
        if (path.endsWith("/history")) {
            return statuses.getOrDefault((path.contains("/units/") ? name : "") + " history", "");
        }
        if (path.endsWith("/status")) {
            return statuses.getOrDefault(name, "");
        }
        Unit unit = units.get(name);
        return unit == null ? "" : unit.json(name);
    }

    private synchronized String list(Predicate<Unit> meant) {
        return units.entrySet().stream()
                .filter(unit -> meant.test(unit.getValue()))
                .map(unit -> unit.getValue().json(unit.getKey()))
                .collect(Collectors.joining(",", "{\"units\":[", "]}"));
    }

    private synchronized String states(String query) {
        String wanted = query.replaceFirst(".*=", "");
        boolean byUnit = query.startsWith("unitName=");
        return states.values().stream()
                .filter(state ->
                        query.equals("null")
                                || wanted.equals(byUnit ? state.unit() : state.machine()))
                .map(State::json)
                .collect(Collectors.joining(",", "{\"states\":[", "]}"));
    }

    private synchronized String machines() {
        return eligibility.entrySet().stream()
                .map(m ->
                        "{\"id\":\"%s\",\"eligibility\":\"%s\"}"
                                .formatted(m.getKey(), m.getValue()))
                .collect(Collectors.joining(",", "{\"machines\":[", "]}"));
    }

    private void put(HttpExchange exchange, String name) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String why;
        synchronized (this) {
            why = refusals.get(name);
        }
        if (why != null) {
            send(exchange, 400, "{\"error\":{\"code\":400,\"message\":\"" + why + "\"}}");
            return;
        }
        String state = String.valueOf(JsonObject.read(body).text("desiredState"));
        unit(name, state, state);
        send(exchange, body.contains("options") ? 201 : 204, "");
    }

    private synchronized boolean delete(String name) {
        boolean known = units.containsKey(name);
        if (known) {
            unitGone(name);
        }
        return known;
    }

    private void stream(HttpExchange exchange) throws IOException {
        String last =
                String.valueOf(exchange.getRequestHeaders().getFirst("Last-Event-ID"))
                        .replace("null", "");
        lastIds.add(last);
        exchange.sendResponseHeaders(200, 0);
        try {
            follow(exchange, last);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow(HttpExchange exchange, String last)
            throws IOException, InterruptedException {
        long at;
        long begun;
        synchronized (this) {
            begun = cut;
            at = last.isEmpty() || Long.parseLong(last) < forgotten ? -1 : Long.parseLong(last);
        }
        while (true) {
            String next;
            synchronized (this) {
                while (at == told.size() && begun == cut) {
                    wait();
                }
                if (begun != cut) {
                    return;
                }
                next =
                        at < 0
                                ? "id: %d\nevent: reset\ndata: {\"kind\":\"reset\",\"name\":\"\"}\n\n"
                                        .formatted(told.size())
                                : told.get((int) at);
                at = at < 0 ? told.size() : at + 1;
            }
            exchange.getResponseBody().write(next.getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        cut();
        server.stop(0);
    }

    private static HttpServer server() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException("no port for a fleet of the test's", e);
        }
    }
}
