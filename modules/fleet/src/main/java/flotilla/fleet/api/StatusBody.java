package flotilla.fleet.api;

import flotilla.platform.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one unit.
 *
 * @param machineID the machine it belongs to; absent while it has none, and for global units
 * @param machine that machine's name for people
 * @param waiting in one sentence, why it is not where it is wanted; absent when it is
 * @param refusals why each machine without it can't have it; absent when it needs none
 * @param text what {@code systemctl status} prints, when this machine has the unit
 */
public record StatusBody(
        String name,
        boolean global,
        String hash,
        String desiredState,
        @Nullable String currentState,
        @Nullable String machineID,
        @Nullable String machine,
        @Nullable List<StateBody> states,
        @Nullable String waiting,
        @Nullable List<RefusalBody> refusals,
        @Nullable String text) {
    public record RefusalBody(String machineID, String machine, String reason) {
        static RefusalBody read(JsonObject json) {
            return new RefusalBody(
                    json.requiredText("machineID"),
                    json.requiredText("machine"),
                    json.requiredText("reason"));
        }
    }

    /** The same with what one machine says alone. */
    public StatusBody on(String id) {
        List<StateBody> said =
                states == null
                        ? List.of()
                        : states.stream().filter(state -> id.equals(state.machineID())).toList();
        return new StatusBody(
                name,
                global,
                hash,
                desiredState,
                currentState,
                machineID,
                machine,
                said,
                waiting,
                refusals,
                text);
    }

    static StatusBody read(JsonObject json) {
        List<JsonObject> states = json.objects("states");
        List<JsonObject> refusals = json.objects("refusals");
        return new StatusBody(
                json.requiredText("name"),
                json.flag("global"),
                json.requiredText("hash"),
                json.requiredText("desiredState"),
                json.text("currentState"),
                json.text("machineID"),
                json.text("machine"),
                states == null ? null : states.stream().map(StateBody::read).toList(),
                json.text("waiting"),
                refusals == null ? null : refusals.stream().map(RefusalBody::read).toList(),
                json.text("text"));
    }
}
