package flotilla.fleet.api;

import flotilla.platform.json.JsonObject;
import java.util.List;
import java.util.Objects;

/**
 * How far what was asked of a unit is carried out.
 *
 * @param generation counts what was asked of it
 * @param machines those that are told of it
 */
public record ProgressBody(String name, String desiredState, long generation, List<Done> machines) {
    public ProgressBody {
        machines = List.copyOf(machines);
    }

    /**
     * @param generation that the machine has carried out; 0 for none
     */
    public record Done(String machineID, long generation) {
        private static Done read(JsonObject json) {
            return new Done(json.requiredText("machineID"), json.number("generation"));
        }
    }

    /** Whether all machines that are told of it have carried that out, or what came later. */
    public boolean isDone(long asked) {
        return machines.stream().allMatch(machine -> machine.generation() >= asked);
    }

    static ProgressBody read(JsonObject json) {
        return new ProgressBody(
                json.requiredText("name"),
                json.requiredText("desiredState"),
                json.number("generation"),
                Objects.requireNonNullElse(json.objects("machines"), List.<JsonObject>of()).stream()
                        .map(Done::read)
                        .toList());
    }
}
