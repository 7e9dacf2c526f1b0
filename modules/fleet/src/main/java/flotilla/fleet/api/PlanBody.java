package flotilla.fleet.api;

import flotilla.platform.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What would follow, as {@code POST /flotilla/v1/plan} answers.
 *
 * @param effects what becomes of each unit of which something becomes
 * @param waiting the units that would be wanted and have no machine
 * @param decisions the engine's, in its words and order
 * @param underWay how many decisions are about to be carried out anyway
 * @param settled false when so much follows that the end was not looked for
 */
public record PlanBody(
        List<EffectBody> effects,
        List<WaitingBody> waiting,
        List<String> decisions,
        long underWay,
        boolean settled) {
    /**
     * @param verb place, move, change, stop or lose
     * @param from machines that have it now
     * @param to machines that would have it then
     * @param scores how the machine it comes to ranks; none where there was no choice to make
     * @param next the best of the others that could have it; absent when there is none
     */
    public record EffectBody(
            String unit,
            String verb,
            List<MachineRef> from,
            List<MachineRef> to,
            String reason,
            List<ScoreBody> scores,
            @Nullable RivalBody next) {
        static EffectBody read(JsonObject json) {
            JsonObject next = json.object("next");
            return new EffectBody(
                    json.requiredText("unit"),
                    json.requiredText("verb"),
                    MachineRef.all(json.objects("from")),
                    MachineRef.all(json.objects("to")),
                    json.requiredText("reason"),
                    ScoreBody.all(json.objects("scores")),
                    next == null ? null : RivalBody.read(next));
        }
    }

    /**
     * A machine that could have had a unit.
     *
     * @param machine its name for people
     */
    public record RivalBody(String machineID, String machine, List<ScoreBody> scores) {
        private static RivalBody read(JsonObject json) {
            return new RivalBody(
                    json.requiredText("machineID"),
                    json.requiredText("machine"),
                    ScoreBody.all(json.objects("scores")));
        }
    }

    /**
     * @param machine its name for people
     */
    public record MachineRef(String machineID, String machine) {
        private static List<MachineRef> all(@Nullable List<JsonObject> objects) {
            return objects == null
                    ? List.of()
                    : objects.stream()
                            .map(json ->
                                    new MachineRef(
                                            json.requiredText("machineID"),
                                            json.requiredText("machine")))
                            .toList();
        }
    }

    /**
     * @param refusals why each machine can't have it
     */
    public record WaitingBody(String unit, String reason, List<StatusBody.RefusalBody> refusals) {
        static WaitingBody read(JsonObject json) {
            List<JsonObject> refusals = json.objects("refusals");
            return new WaitingBody(
                    json.requiredText("unit"),
                    json.requiredText("reason"),
                    refusals == null
                            ? List.of()
                            : refusals.stream().map(StatusBody.RefusalBody::read).toList());
        }
    }

    static PlanBody read(JsonObject json) {
        List<JsonObject> effects = json.objects("effects");
        List<JsonObject> waiting = json.objects("waiting");
        List<String> decisions = json.textList("decisions");
        return new PlanBody(
                effects == null ? List.of() : effects.stream().map(EffectBody::read).toList(),
                waiting == null ? List.of() : waiting.stream().map(WaitingBody::read).toList(),
                decisions == null ? List.of() : decisions,
                json.number("underWay"),
                json.flag("settled"));
    }
}
