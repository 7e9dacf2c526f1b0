package flotilla.fleet.api;

import flotilla.client.EtcdClientException;
import flotilla.fleet.registry.Registry;
import flotilla.machine.Init;
import flotilla.platform.Clock;
import flotilla.platform.http.Handler;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import flotilla.platform.json.Json;
import flotilla.platform.metrics.Metrics;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every path of the API. Until this machine has reached the cluster each call is answered with 503,
 * so that a client knows to try again rather than that there is nothing.
 */
public final class Api implements Handler {
    private static final Logger log = LoggerFactory.getLogger(Api.class);

    private final ApiConfig config;
    private final BooleanSupplier reached;
    private final Metrics metrics;
    private final Supplier<HealthBody> health;
    private final Units units;
    private final UnitStates states;
    private final Machines machines;
    private final ClusterDefaults defaults;
    private final Restarts restarts;
    private final Plans plans;
    private final Inquiries inquiries;
    private final Rollouts rollouts;
    private final Progress progress;
    private final Status status;
    private final Journal journal;
    private final Events events;
    private final Histories histories;

    /**
     * What the API speaks for.
     *
     * @param init of this machine, for its units' status
     * @param logs of this machine's units
     * @param reached whether this machine has been in the cluster
     * @param health of this daemon, as it is just now
     */
    public record Parts(
            Registry registry,
            Init init,
            flotilla.machine.Journal logs,
            Clock clock,
            Metrics metrics,
            BooleanSupplier reached,
            Supplier<HealthBody> health) {}

    public Api(ApiConfig config, Parts parts) {
        Registry registry = parts.registry();
        this.config = config;
        this.reached = parts.reached();
        this.metrics = parts.metrics();
        this.health = parts.health();
        Wishes wishes = new Wishes(registry, config.machineId(), parts.clock());
        this.units = new Units(registry, wishes, config.pageLimit());
        this.states = new UnitStates(registry, config.pageLimit());
        this.machines = new Machines(registry, wishes, config.pageLimit());
        this.defaults = new ClusterDefaults(registry);
        this.restarts = new Restarts(registry, wishes);
        this.plans = new Plans(registry, parts.clock());
        this.inquiries = new Inquiries(registry, parts.clock());
        this.rollouts = new Rollouts(registry, wishes);
        this.progress = new Progress(registry, units);
        this.status = new Status(parts, config, units);
        this.journal = new Journal(parts.init(), parts.logs());
        this.events = new Events(registry);
        this.histories = new Histories(registry, parts.clock());
    }

    @Override
    public Response handle(Request request) {
        return withServer(answer(request));
    }

    private Response answer(Request request) {
        try {
            if (request.path().equals("/metrics")) {
                return Response.text(200, metrics.text());
            }
            if (request.path().equals("/health")) {
                HealthBody now = health.get();
                return Response.json(now.isWell() ? 200 : 503, Json.write(now));
            }
            if (!reached.getAsBoolean()) {
                throw new ApiException(503, "fleet server unable to communicate with etcd");
            }
            return route(request);
        } catch (ApiException e) {
            return error(e.code(), String.valueOf(e.getMessage()));
        } catch (EtcdClientException.Unavailable e) {
            return error(503, "the store does not answer: " + e.getMessage());
        } catch (EtcdClientException.Indeterminate e) {
            return error(
                    504,
                    "it may or may not have happened, look before trying again: " + e.getMessage());
        } catch (RuntimeException e) {
            log.error("{} {} failed", request.method(), request.path(), e);
            return error(500, e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    private Response route(Request request) throws ApiException {
        List<String> path = Arrays.stream(request.path().substring(1).split("/")).toList();
        if (path.equals(List.of(""))) {
            throw new ApiException(405, "method not allowed");
        }
        return switch (path.getFirst()) {
            case "fleet" ->
                    path.size() > 1 && path.get(1).equals("v1")
                            ? original(request, path.subList(2, path.size()))
                            : notFound();
            case "v1-alpha" -> original(request, path.subList(1, path.size()));
            case "flotilla" ->
                    path.size() > 1 && path.get(1).equals("v1")
                            ? own(request, path.subList(2, path.size()))
                            : notFound();
            default -> notFound();
        };
    }

    private Response original(Request request, List<String> path) throws ApiException {
        String call = request.method() + " " + (path.isEmpty() ? "" : path.getFirst());
        if (path.size() == 2) {
            String name = path.get(1);
            return switch (call) {
                case "GET units" -> units.get(name, units::late);
                case "PUT units" -> units.put(name, request);
                case "DELETE units" -> units.delete(name, request);
                case "GET state" -> states.get(name);
                default -> refused(path.getFirst());
            };
        }
        if (path.size() > 2) {
            return notFound();
        }
        return switch (call) {
            case "GET units" -> units.list(request, units::late);
            case "GET state" -> states.list(request);
            case "GET machines" -> machines.list(request, MachineBody::of);
            case "PATCH machines" -> machines.patch(request);
            case "GET discovery" -> Response.json(200, Discovery.document());
            default -> refused(path.isEmpty() ? "" : path.getFirst());
        };
    }

    private Response own(Request request, List<String> path) throws ApiException {
        boolean eligibility =
                path.size() == 3
                        && path.getFirst().equals("machines")
                        && path.getLast().equals("eligibility");
        if (eligibility && request.method().equals("PUT")) {
            return machines.putEligibility(path.get(1), request);
        }
        if (path.equals(List.of("defaults")) && request.method().equals("PUT")) {
            return defaults.put(request);
        }
        if (path.size() < 3 && !path.isEmpty() && path.getFirst().equals("rollouts")) {
            return rollouts(request, path);
        }
        String action = path.size() == 1 ? path.getFirst() : "";
        boolean asks = action.equals("restart") || action.equals("plan");
        if (asks && request.method().equals("POST")) {
            return action.equals("plan") ? plans.make(request) : restarts.post(request);
        }
        if (eligibility || asks || !request.method().equals("GET")) {
            return refused("");
        }
        if (path.size() == 3 && path.getFirst().equals("machines")) {
            return path.getLast().equals("units") ? machines.units(path.get(1)) : notFound();
        }
        if (path.size() > 1 && path.getFirst().equals("units")) {
            return ownUnit(request, path.subList(1, path.size()));
        }
        return switch (String.join("/", path)) {
            case "units" -> units.list(request, UnaryOperator.identity());
            case "machines" -> machines.list(request, MachineBody::whole);
            case "state" -> states.listAsStored(request);
            case "events" -> events.stream(request);
            case "history" -> histories.newest(request);
            case "defaults" -> defaults.get();
            default -> notFound();
        };
    }

    private Response rollouts(Request request, List<String> path) throws ApiException {
        boolean all = path.size() == 1;
        return switch (request.method()) {
            case "GET" -> all ? rollouts.list() : rollouts.get(path.get(1));
            case "POST" -> all ? rollouts.post(request) : rollouts.steer(path.get(1), request);
            default -> refused("");
        };
    }

    private Response ownUnit(Request request, List<String> path) throws ApiException {
        String name = path.getFirst();
        return switch (String.join("/", path.subList(1, path.size()))) {
            case "" -> units.get(name, UnaryOperator.identity());
            case "progress" -> progress.get(name);
            case "status" -> status.get(name);
            case "why" -> inquiries.get(name, request);
            case "journal" -> journal.get(name, request);
            case "history" -> histories.ofUnit(name, request);
            default -> notFound();
        };
    }

    private static Response notFound() throws ApiException {
        throw new ApiException(404, "not found");
    }

    private static Response refused(String resource) throws ApiException {
        throw switch (resource) {
            case "units", "state", "machines", "" -> new ApiException(405, "method not allowed");
            case "discovery" -> new ApiException(400, "only HTTP GET supported");
            default -> new ApiException(404, "not found");
        };
    }

    static void requireJson(Request request) throws ApiException {
        String type = request.header("content-type").orElse("");
        if (!type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
            throw new ApiException(415, "expected Content-Type application/json");
        }
    }

    private record ErrorBody(ErrorDetail error) {}

    private record ErrorDetail(int code, String message) {}

    private static Response error(int code, String message) {
        return Response.json(code, Json.write(new ErrorBody(new ErrorDetail(code, message))));
    }

    private Response withServer(Response response) {
        Map<String, String> headers = new HashMap<>(response.headers());
        headers.put("Server", "fleetd/" + config.version());
        return switch (response) {
            case Response.Whole whole -> new Response.Whole(whole.status(), headers, whole.body());
            case Response.Streamed streamed ->
                    new Response.Streamed(streamed.status(), headers, streamed.body());
        };
    }
}
