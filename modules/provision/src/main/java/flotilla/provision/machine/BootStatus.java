package flotilla.provision.machine;

import flotilla.platform.disk.AtomicFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * How far a machine's boot is: {@code boot-status} in its directory, two lines, replaced whole. For
 * the command that waits; nothing is decided by it after a crash, so it is not synced.
 *
 * @param words what it is doing, or what failed
 */
public record BootStatus(Phase phase, String words) {
    /** A machine that is FAILED is still up: its init goes on trying. */
    public enum Phase {
        DOWN,
        BOOTING,
        RUNNING,
        FAILED,
        /** On its way down. */
        STOPPING
    }

    public static Path file(Path machine) {
        return machine.resolve("boot-status");
    }

    /** DOWN when there is no file yet. */
    public static BootStatus read(Path machine) throws IOException {
        try {
            String[] lines = Files.readString(file(machine)).split("\n", 2);
            return new BootStatus(
                    Phase.valueOf(lines[0].toUpperCase(Locale.ROOT)),
                    lines.length > 1 ? lines[1].strip() : "");
        } catch (NoSuchFileException e) {
            return new BootStatus(Phase.DOWN, "");
        } catch (CharacterCodingException | IllegalArgumentException e) {
            throw new IOException(
                    file(machine) + " is damaged and holds no boot status: boot the machine again",
                    e);
        }
    }

    public void write(Path machine) throws IOException {
        AtomicFile.at(file(machine))
                .unsynced()
                .replace(phase.name().toLowerCase(Locale.ROOT) + "\n" + words + "\n");
    }
}
