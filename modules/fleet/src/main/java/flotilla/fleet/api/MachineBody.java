package flotilla.fleet.api;

import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Machine;
import flotilla.platform.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A machine as the API shows it.
 *
 * @param hostname and the rest: below {@code /flotilla/v1} only
 */
public record MachineBody(
        @Nullable String id,
        @Nullable String primaryIP,
        @Nullable Map<String, String> metadata,
        @Nullable String hostname,
        @Nullable Long memoryBytes,
        @Nullable Long milliCpus,
        @Nullable String eligibility) {
    /** As the original shows it. */
    static MachineBody of(Machine machine) {
        return new MachineBody(
                machine.id(),
                present(machine.publicIp()),
                present(machine),
                null,
                null,
                null,
                null);
    }

    /** With all that we know of it. */
    static MachineBody whole(Machine machine) {
        Capacity capacity = machine.capacity();
        return new MachineBody(
                machine.id(),
                present(machine.publicIp()),
                present(machine),
                present(machine.hostname()),
                capacity.memoryBytes() == 0 ? null : Long.valueOf(capacity.memoryBytes()),
                capacity.milliCpus() == 0 ? null : Long.valueOf(capacity.milliCpus()),
                machine.eligibility().text());
    }

    static MachineBody read(JsonObject json) {
        long memoryBytes = json.number("memoryBytes");
        long milliCpus = json.number("milliCpus");
        return new MachineBody(
                json.text("id"),
                json.text("primaryIP"),
                json.texts("metadata"),
                json.text("hostname"),
                memoryBytes == 0 ? null : Long.valueOf(memoryBytes),
                milliCpus == 0 ? null : Long.valueOf(milliCpus),
                json.text("eligibility"));
    }

    private static @Nullable Map<String, String> present(Machine machine) {
        return machine.metadata().isEmpty() ? null : machine.metadata();
    }

    private static @Nullable String present(String text) {
        return text.isEmpty() ? null : text;
    }
}
