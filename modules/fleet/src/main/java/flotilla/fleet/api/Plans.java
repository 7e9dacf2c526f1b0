package flotilla.fleet.api;

import flotilla.fleet.api.PlanBody.EffectBody;
import flotilla.fleet.api.PlanBody.MachineRef;
import flotilla.fleet.api.PlanBody.RivalBody;
import flotilla.fleet.api.PlanBody.WaitingBody;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.engine.Words;
import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Machine;
import flotilla.fleet.job.Now;
import flotilla.fleet.plan.Forecast;
import flotilla.fleet.plan.Plan;
import flotilla.fleet.plan.Supposition;
import flotilla.fleet.registry.Registry;
import flotilla.fleet.schedule.Merit;
import flotilla.platform.Clock;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import flotilla.platform.json.Json;
import flotilla.units.UnitName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /flotilla/v1/plan}: what would follow, by the engine's own rules run here over the
 * cluster as it stands now. Changes nothing.
 */
final class Plans {
    /** Machines and units supposed in one plan: each is looked at, and the answer names it. */
    private static final int MAX = 10_000;

    private final Registry registry;
    private final Clock clock;

    Plans(Registry registry, Clock clock) {
        this.clock = clock;
        this.registry = registry;
    }

    Response make(Request request) throws ApiException {
        Api.requireJson(request);
        PlanRequest asked;
        try {
            asked = Json.read(request.text(), PlanRequest.class);
        } catch (RuntimeException e) {
            throw new ApiException(400, "unable to decode body: " + e.getMessage());
        }
        List<Stored> cluster = registry.list(registry.layout().cluster());
        List<Supposition> supposed = suppositions(asked, Known.of(cluster));
        Now now = new Now(TimeUnit.NANOSECONDS.toMillis(clock.nanos()), clock.now().toEpochMilli());
        Plan plan = Forecast.of(cluster, supposed, now);
        return Response.json(200, Json.write(body(plan, Known.of(cluster).labels())));
    }

    /** What there is to suppose something of. */
    private record Known(Map<String, String> labels, Set<String> units) {
        static Known of(List<Stored> cluster) {
            Known known = new Known(new HashMap<>(), new HashSet<>());
            for (Stored stored : cluster) {
                switch (stored.entry()) {
                    case Entry.OfMachine(Machine machine) ->
                            known.labels.put(machine.id(), machine.label());
                    case Entry.OfJob(var job) -> known.units.add(job.name());
                    default -> {}
                }
            }
            return known;
        }

        String machine(@Nullable String id) throws ApiException {
            if (id == null || !labels.containsKey(id)) {
                throw new ApiException(404, "machine " + id + " is not in the cluster");
            }
            return id;
        }
    }

    private static List<Supposition> suppositions(PlanRequest asked, Known known)
            throws ApiException {
        List<Supposition> supposed = new ArrayList<>();
        for (String id : given(asked.lose())) {
            supposed.add(new Supposition.Lost(known.machine(id)));
        }
        for (String id : given(asked.drain())) {
            supposed.add(new Supposition.Eligible(known.machine(id), Eligibility.DRAINING));
        }
        for (String id : given(asked.cordon())) {
            supposed.add(new Supposition.Eligible(known.machine(id), Eligibility.CORDONED));
        }
        for (String id : given(asked.uncordon())) {
            supposed.add(new Supposition.Eligible(known.machine(id), Eligibility.READY));
        }
        for (String unit : given(asked.destroy())) {
            if (!known.units().contains(unit)) {
                throw new ApiException(404, "unit " + unit + " does not exist");
            }
            supposed.add(new Supposition.Destroyed(unit));
        }
        for (UnitBody unit : given(asked.units())) {
            supposed.add(wanted(unit, known));
        }
        if (supposed.size() > MAX) {
            throw new ApiException(400, "a plan is of at most " + MAX + " machines and units");
        }
        return supposed;
    }

    private static <T> List<T> given(@Nullable List<T> some) {
        return Optional.ofNullable(some).orElse(List.of());
    }

    private static Supposition wanted(@Nullable UnitBody unit, Known known) throws ApiException {
        String name = unit == null || unit.name() == null ? "" : unit.name();
        Optional<String> problem = UnitName.problem(name);
        if (unit == null || problem.isPresent()) {
            throw new ApiException(400, problem.orElse("a unit is null"));
        }
        List<UnitOption> options = given(unit.options());
        if (options.isEmpty() && !known.units().contains(name)) {
            throw new ApiException(404, "unit " + name + " does not exist, and has no options");
        }
        UnitName parsed = new UnitName(name);
        JobState desired = Units.desired(parsed, unit).orElse(JobState.INACTIVE);
        return new Supposition.Wanted(
                name,
                options.isEmpty()
                        ? Optional.empty()
                        : Optional.of(Submission.text(parsed, options)),
                desired);
    }

    private static PlanBody body(Plan plan, Map<String, String> labels) {
        return new PlanBody(
                plan.effects().stream().map(effect -> body(effect, labels)).toList(),
                plan.waiting().stream()
                        .map(waiting ->
                                new WaitingBody(
                                        waiting.unit(),
                                        waiting.reason(),
                                        waiting.refusals().stream().map(Status::body).toList()))
                        .toList(),
                plan.decisions().stream().map(Words::of).toList(),
                plan.underWay().size(),
                plan.settled());
    }

    private static EffectBody body(Plan.Effect effect, Map<String, String> labels) {
        return new EffectBody(
                effect.unit(),
                effect.verb().text(),
                machines(effect.from(), labels),
                machines(effect.to(), labels),
                effect.reason(),
                effect.merit().map(merit -> ScoreBody.of(merit.best().scores())).orElse(List.of()),
                effect.merit().flatMap(Merit::next).map(Plans::body).orElse(null));
    }

    private static RivalBody body(Merit.Rival rival) {
        return new RivalBody(rival.machineId(), rival.machine(), ScoreBody.of(rival.scores()));
    }

    private static List<MachineRef> machines(Collection<String> ids, Map<String, String> labels) {
        return ids.stream().map(id -> new MachineRef(id, labels.getOrDefault(id, id))).toList();
    }
}
