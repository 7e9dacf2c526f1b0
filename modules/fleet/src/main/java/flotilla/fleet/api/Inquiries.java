package flotilla.fleet.api;

import flotilla.fleet.api.WhyBody.FindingBody;
import flotilla.fleet.api.WhyBody.StandingBody;
import flotilla.fleet.cluster.Cluster;
import flotilla.fleet.registry.Registry;
import flotilla.fleet.schedule.Standing;
import flotilla.fleet.why.Inquiry;
import flotilla.fleet.why.Why;
import flotilla.platform.Clock;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import flotilla.platform.json.Json;
import java.util.List;
import java.util.Optional;

/**
 * {@code GET /flotilla/v1/units/NAME/why}, with {@code ?machine=ID} of that machine alone: by the
 * engine's own scheduler, run here over the cluster as it stands now.
 */
final class Inquiries {
    private final Registry registry;
    private final Clock clock;

    Inquiries(Registry registry, Clock clock) {
        this.clock = clock;
        this.registry = registry;
    }

    Response get(String unit, Request request) throws ApiException {
        Cluster cluster = new Cluster();
        registry.list(registry.layout().cluster())
                .forEach(stored -> cluster.put(stored.entry(), stored.revision()));
        Why why =
                Inquiry.of(cluster, clock.now().toEpochMilli(), unit)
                        .orElseThrow(() -> new ApiException(404, "unit does not exist"));
        Optional<String> machine = request.parameter("machine");
        if (machine.filter(id -> !cluster.hasMachine(id)).isPresent()) {
            throw new ApiException(404, "machine " + machine.get() + " is not in the cluster");
        }
        List<StandingBody> machines =
                why.standings().stream()
                        .filter(at -> machine.filter(id -> !id.equals(at.machineId())).isEmpty())
                        .map(Inquiries::body)
                        .toList();
        String desired = cluster.job(unit).map(job -> job.desired().text()).orElse(null);
        return Response.json(
                200, Json.write(new WhyBody(unit, desired, why.sentences(), machines)));
    }

    private static StandingBody body(Standing at) {
        return new StandingBody(
                at.machineId(),
                at.machine(),
                at.here(),
                at.fits(),
                at.findings().stream()
                        .map(found ->
                                new FindingBody(found.check(), found.objection().orElse(null)))
                        .toList(),
                ScoreBody.of(at.scores()));
    }
}
