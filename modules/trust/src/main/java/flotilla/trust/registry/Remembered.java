package flotilla.trust.registry;

import flotilla.platform.disk.AtomicFile;
import flotilla.platform.json.Json;
import flotilla.trust.token.Member;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a machine that signs remembers of the machines that were admitted, for when the store can't
 * be asked: one whose members' certificates have ended has no majority before they are renewed. It
 * may be old. Who was put out since may so have a certificate renewed that is believed by nobody
 * who has heard of it, for it is the machine that is denied, and not a certificate.
 *
 * @param file for its owner alone
 */
public record Remembered(Path file) {
    /** As it is written. */
    private record Text(List<Member> members) {}

    /** Nothing is written when nothing has changed. */
    public void keep(List<Member> members) throws IOException {
        String text = Json.write(new Text(members));
        if (!Files.exists(file) || !Files.readString(file).equals(text)) {
            AtomicFile.secretAt(file).replace(text);
        }
    }

    /** None where nothing was kept, or it can't be read. */
    public List<Member> members() {
        try {
            return Files.exists(file)
                    ? Json.read(Files.readString(file), Text.class).members()
                    : List.of();
        } catch (IOException | Json.JsonException e) {
            return List.of();
        }
    }
}
