package flotilla.provision.machine;

import flotilla.platform.json.Json;
import flotilla.platform.json.Json.JsonException;
import flotilla.platform.json.JsonObject;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a machine is told about itself: {@code machine.json} in its directory, written by the
 * provider before each boot.
 *
 * @param root the directory that takes the place of /; short enough for a unix socket's name
 * @param userData the file of the cloud-config
 * @param tokenFile the file of the cluster's token; empty: fleet's keys are not guarded
 * @param joins the members of the store that it comes to, as {@code --initial-cluster} names them;
 *     empty: it is one of the first
 * @param memoryBytes its share of the host's memory
 * @param cpus its share of the host's processors, in cores
 * @param share where the examples are, FLOTILLA_SHARE for its units
 */
public record MachineSpec(
        String name,
        String address,
        String machineId,
        String root,
        String userData,
        Optional<String> tokenFile,
        Optional<String> joins,
        long memoryBytes,
        double cpus,
        String share) {
    /** Its file in the machine's directory. */
    public static Path file(Path machine) {
        return machine.resolve("machine.json");
    }

    public static MachineSpec read(Path machine) throws IOException {
        Path file = file(machine);
        try {
            return read(JsonObject.read(Files.readString(file)));
        } catch (CharacterCodingException | JsonException e) {
            throw new IOException(file + " is no machine's description: boot the machine again", e);
        }
    }

    private static MachineSpec read(JsonObject json) {
        return new MachineSpec(
                json.requiredText("name"),
                json.requiredText("address"),
                json.requiredText("machineId"),
                json.requiredText("root"),
                json.requiredText("userData"),
                Optional.ofNullable(json.text("tokenFile")),
                Optional.ofNullable(json.text("joins")),
                json.number("memoryBytes"),
                json.fraction("cpus"),
                json.requiredText("share"));
    }

    public String json() {
        return Json.writePretty(this) + "\n";
    }
}
