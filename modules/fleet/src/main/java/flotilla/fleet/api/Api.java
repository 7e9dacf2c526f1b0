package flotilla.fleet.api;

import flotilla.client.EtcdClientException;
import flotilla.fleet.api.Route.Asked;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.image.Images;
import flotilla.fleet.registry.Registry;
import flotilla.machine.Init;
import flotilla.platform.Clock;
import flotilla.platform.http.Handler;
import flotilla.platform.http.Peers;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import flotilla.platform.json.Json;
import flotilla.platform.metrics.Metrics;
import flotilla.trust.api.TrustApi;
import flotilla.trust.api.TrustException;
import flotilla.trust.registry.UnreadableException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final Wishes wishes;
    private final ImageRoutes images;
    private final Relay relay;
    private final Optional<TrustApi> trust;

    /**
     * What the API speaks for.
     *
     * @param init of this machine, for its units' status
     * @param logs of this machine's units
     * @param reached whether this machine has been in the cluster
     * @param health of this daemon, as it is just now
     * @param images of this machine
     * @param peers how other machines are asked; empty where none would answer
     * @param trust of the cluster that this machine has a certificate of
     */
    public record Parts(
            Registry registry,
            Init init,
            flotilla.machine.Journal logs,
            Clock clock,
            Metrics metrics,
            BooleanSupplier reached,
            Supplier<HealthBody> health,
            Images images,
            Optional<Peers> peers,
            Optional<TrustApi> trust) {}

    public Api(ApiConfig config, Parts parts) {
        Registry registry = parts.registry();
        this.config = config;
        this.reached = parts.reached();
        this.metrics = parts.metrics();
        this.health = parts.health();
        this.trust = parts.trust();
        this.wishes = new Wishes(registry, config.machineId(), parts.clock());
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
        this.relay =
                new Relay(
                        id ->
                                registry.get(new Key.OfMachine(id), Entry.OfMachine.class)
                                        .map(Entry.OfMachine::machine),
                        config.machineId(),
                        parts.peers());
        this.events = new Events(registry);
        this.histories = new Histories(registry, parts.clock());
        this.images = new ImageRoutes(registry, parts.images(), config.machineId());
    }

    @Override
    public Response handle(Request request) {
        return withServer(answer(request));
    }

    private Response answer(Request request) {
        try {
            Optional<Asked> asked = Route.of(request.method(), request.path());
            if (asked.isEmpty() || !isOfThisMachine(asked.get().route())) {
                requireReached();
            }
            return asked.isPresent() ? answer(asked.get(), request) : unknown(request);
        } catch (ApiException e) {
            return error(e.code(), String.valueOf(e.getMessage()));
        } catch (TrustException e) {
            return error(e.status(), String.valueOf(e.getMessage()));
        } catch (EtcdClientException.Unavailable e) {
            return error(503, "the store does not answer: " + e.getMessage());
        } catch (UnreadableException e) {
            return error(503, String.valueOf(e.getMessage()));
        } catch (EtcdClientException.Indeterminate e) {
            return error(
                    504,
                    "it may or may not have happened, look before trying again: " + e.getMessage());
        } catch (IOException | RuntimeException e) {
            log.error("{} {} failed", request.method(), request.path(), e);
            return error(500, e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    /** What can be answered without the store. */
    private static boolean isOfThisMachine(Route route) {
        return route == Route.METRICS || route == Route.HEALTH;
    }

    private void requireReached() throws ApiException {
        if (!reached.getAsBoolean()) {
            throw new ApiException(503, "fleet server unable to communicate with etcd");
        }
    }

    private Response answer(Asked asked, Request request)
            throws ApiException, TrustException, IOException {
        String name = asked.name();
        return switch (asked.route()) {
            case METRICS -> Response.text(200, metrics.text());
            case HEALTH -> health();
            case LIST_UNITS -> units.list(request, units::late);
            case GET_UNIT -> units.get(name, units::late);
            case PUT_UNIT -> units.put(name, request);
            case DELETE_UNIT -> units.delete(name, request);
            case LIST_STATES -> states.list(request);
            case GET_STATE -> states.get(name);
            case LIST_MACHINES -> machines.list(request, MachineBody::of);
            case PATCH_MACHINES -> machines.patch(request);
            case DISCOVERY -> Response.json(200, Discovery.document());
            case OWN_UNITS -> units.list(request, UnaryOperator.identity());
            case OWN_UNIT -> units.get(name, UnaryOperator.identity());
            case PROGRESS -> progress.get(name);
            case STATUS -> there(request, () -> status.get(name));
            case WHY -> inquiries.get(name, request);
            case JOURNAL -> there(request, () -> journal.get(name, request));
            case UNIT_HISTORY -> histories.ofUnit(name, request);
            case OWN_MACHINES -> machines.list(request, MachineBody::whole);
            case MACHINE_UNITS -> machines.units(name);
            case PUT_ELIGIBILITY -> machines.putEligibility(name, request);
            case OWN_STATES -> states.listAsStored(request);
            case EVENTS -> events.stream(request);
            case HISTORY -> histories.newest(request);
            case GET_DEFAULTS -> defaults.get();
            case PUT_DEFAULTS -> defaults.put(request);
            case RESTART -> restarts.post(request);
            case PLAN -> plans.make(request);
            case LIST_ROLLOUTS -> rollouts.list();
            case GET_ROLLOUT -> rollouts.get(name);
            case POST_ROLLOUT -> rollouts.post(request);
            case STEER_ROLLOUT -> rollouts.steer(name, request);
            case LIST_IMAGES -> images.list();
            case PUSH_IMAGE -> images.push(request);
            case REMOVE_IMAGE -> images.remove(request);
            case COPY_IMAGE -> images.copy(request);
            case PUT_BLOB -> images.putBlob(name, request);
            case GET_BLOB -> images.getBlob(name, request);
            case LIST_TOKENS -> trust().tokens();
            case MAKE_TOKEN -> trust().makeToken(request, wishes.who(request));
            case REVOKE_TOKEN -> trust().revokeToken(name);
            case LIST_ADMITTED -> trust().machines();
            case PUT_OUT -> trust().putOut(name);
            case MAKE_OPERATOR -> trust().operator(request);
            case AUTHORITY -> trust().authority(request);
            case STORE -> trust().store().tell();
            case JOIN_STORE -> trust().store().join(request);
            case STORE_VOTE -> trust().store().vote(request);
        };
    }

    /** What only one machine can answer. */
    @FunctionalInterface
    private interface Local {
        Response answer() throws ApiException;
    }

    private Response there(Request request, Local local) throws ApiException {
        Optional<Response> relayed = relay.answer(request);
        return relayed.isPresent() ? relayed.get() : local.answer();
    }

    private Response health() {
        HealthBody now = health.get();
        return Response.json(now.isWell() ? 200 : 503, Json.write(now));
    }

    private TrustApi trust() throws ApiException {
        return trust.orElseThrow(() ->
                new ApiException(
                        404,
                        "this machine has no certificate of a cluster: flotilla init or flotilla join brings it one"));
    }

    /** What no route is: in the original's words where it has some. */
    private static Response unknown(Request request) throws ApiException {
        List<String> path = Route.segments(request.path());
        if (path.equals(List.of(""))) {
            throw new ApiException(405, "method not allowed");
        }
        List<String> rest = path.subList(Math.min(2, path.size()), path.size());
        boolean versioned = path.size() > 1 && path.get(1).equals("v1");
        return switch (versioned ? path.getFirst() : "") {
            case "fleet" -> rest.size() > 2 ? notFound() : refused(resource(rest));
            case "flotilla" -> isAskedOtherwise(request, rest) ? refused("") : notFound();
            default -> notFound();
        };
    }

    private static String resource(List<String> path) {
        return path.isEmpty() ? "" : path.getFirst();
    }

    /** Whether it is there for another method. */
    private static boolean isAskedOtherwise(Request request, List<String> path) {
        return !request.method().equals("GET")
                || path.equals(List.of("restart"))
                || path.equals(List.of("plan"))
                || (path.size() == 3
                        && path.getFirst().equals("machines")
                        && path.getLast().equals("eligibility"));
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

    /** An error as the original writes it. */
    public static Response error(int code, String message) {
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
