package flotilla.fleet.agent;

import flotilla.fleet.agent.Held.Phase;
import flotilla.platform.disk.AtomicFile;
import flotilla.platform.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which units this machine's init has from fleet, kept in a file below {@code /run} so that a
 * daemon that is restarted finds its units and leaves them running. What an earlier boot wrote
 * counts only as files to remove: nothing of it runs any more.
 *
 * <p>Written by renaming and without an fsync, which {@code /run} is not worth: after a power cut
 * the boot is another one, and a file that came out empty or old of it is only a list of what to
 * remove.
 */
final class Holdings {
    private static final Logger log = LoggerFactory.getLogger(Holdings.class);

    private final Path file;
    private final String bootId;
    private final Map<String, Held> held = new TreeMap<>();
    private final Map<String, Held> stale = new TreeMap<>();

    private record Saved(String bootId, Map<String, Held> units) {}

    private Holdings(Path file, String bootId) {
        this.file = file;
        this.bootId = bootId;
    }

    static Holdings open(Path file, String bootId) throws IOException {
        Holdings holdings = new Holdings(file, bootId);
        Files.createDirectories(file.toAbsolutePath().getParent());
        holdings.read();
        return holdings;
    }

    private void read() throws IOException {
        Saved saved;
        try {
            saved = Json.read(Files.readString(file), Saved.class);
        } catch (NoSuchFileException e) {
            return;
        } catch (RuntimeException e) {
            log.warn("{} can't be read, units found will be loaded again: {}", file, e.toString());
            return;
        }
        boolean sameBoot = bootId.equals(saved.bootId());
        saved.units()
                .forEach((unit, have) ->
                        (sameBoot ? held : stale)
                                .put(
                                        unit,
                                        have.phase() == Phase.UNLOADING
                                                ? have.in(Phase.LAUNCHED)
                                                : have));
    }

    Map<String, Held> held() {
        return Map.copyOf(held);
    }

    /** Units of an earlier boot whose files may still lie about. */
    Map<String, Held> stale() {
        return Map.copyOf(stale);
    }

    /** After an exception everything is as before. */
    void put(String unit, Held have) throws IOException {
        Map<String, Held> next = new TreeMap<>(held);
        next.put(unit, have);
        save(next);
        held.put(unit, have);
    }

    /** After an exception everything is as before. */
    void remove(String unit) throws IOException {
        Map<String, Held> next = new TreeMap<>(held);
        if (next.remove(unit) != null) {
            save(next);
            held.remove(unit);
        }
    }

    /** The file need not be told: whoever reads it takes a unit that is unloading for launched. */
    void unloadAgain(String unit) {
        held.computeIfPresent(unit, (_, have) -> have.in(Phase.LAUNCHED));
    }

    private void save(Map<String, Held> units) throws IOException {
        AtomicFile.at(file).unsynced().replace(Json.write(new Saved(bootId, units)));
    }
}
