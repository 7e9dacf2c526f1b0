package flotilla.fleet.api;

import flotilla.platform.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a unit is where it is, as {@code GET /flotilla/v1/units/NAME/why} answers.
 *
 * @param desiredState absent when it is destroyed, or can't be read
 * @param sentences why it is where it is, or what it waits for
 * @param machines what was found at each, the best first; none when the unit wants no machine
 */
public record WhyBody(
        String name,
        @Nullable String desiredState,
        List<String> sentences,
        List<StandingBody> machines) {
    /**
     * @param machine its name for people
     * @param here whether the unit belongs there
     * @param fits whether it could have the unit
     */
    public record StandingBody(
            String machineID,
            String machine,
            boolean here,
            boolean fits,
            List<FindingBody> findings,
            List<ScoreBody> scores) {
        private static StandingBody read(JsonObject json) {
            List<JsonObject> findings = json.objects("findings");
            return new StandingBody(
                    json.requiredText("machineID"),
                    json.requiredText("machine"),
                    json.flag("here"),
                    json.flag("fits"),
                    findings == null
                            ? List.of()
                            : findings.stream().map(FindingBody::read).toList(),
                    ScoreBody.all(json.objects("scores")));
        }
    }

    /**
     * @param check the option that it is about, or {@code eligibility}
     * @param objection why the machine can't have the unit; absent when nothing stands against it
     */
    public record FindingBody(String check, @Nullable String objection) {
        private static FindingBody read(JsonObject json) {
            return new FindingBody(json.requiredText("check"), json.text("objection"));
        }
    }

    static WhyBody read(JsonObject json) {
        List<String> sentences = json.textList("sentences");
        List<JsonObject> machines = json.objects("machines");
        return new WhyBody(
                json.requiredText("name"),
                json.text("desiredState"),
                sentences == null ? List.of() : sentences,
                machines == null ? List.of() : machines.stream().map(StandingBody::read).toList());
    }
}
