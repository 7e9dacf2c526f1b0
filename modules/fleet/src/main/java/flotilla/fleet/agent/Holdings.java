package flotilla.fleet.agent;

import flotilla.fleet.agent.Held.Phase;
import flotilla.platform.disk.AtomicFile;
import flotilla.platform.disk.Checksum;
import flotilla.platform.json.Json;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
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
    private boolean behind;
    private String complaint = "";

    /**
     * As it is in the file.
     *
     * @param checksum of the JSON without it; none in the file of an earlier version
     */
    private record Saved(String bootId, Map<String, Held> units, @Nullable String checksum) {
        Saved {
            Objects.requireNonNull(bootId, "bootId");
            units = Collections.unmodifiableMap(new TreeMap<>(units)); // In order, for the sum.
        }

        static Saved of(String bootId, Map<String, Held> units) {
            String bare = Json.write(new Saved(bootId, units, null));
            return new Saved(bootId, units, Checksum.of(bare));
        }

        boolean isWhole() {
            return checksum == null || checksum.equals(of(bootId, units).checksum());
        }
    }

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
            if (!saved.isWhole()) {
                complain("its checksum doesn't fit");
                return;
            }
        } catch (NoSuchFileException e) {
            return;
        } catch (CharacterCodingException | RuntimeException e) {
            complain(e.toString());
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

    private void complain(String what) {
        log.warn(
                "{} is damaged ({}): units that this machine is to have are loaded again, running ones run on; one that was taken from it meanwhile runs until somebody stops it",
                file,
                what);
    }

    Map<String, Held> held() {
        return Map.copyOf(held);
    }

    /** Units of an earlier boot whose files may still lie about. */
    Map<String, Held> stale() {
        return Map.copyOf(stale);
    }

    /**
     * Takes a unit that is loaded. After an exception everything is as before: what no file tells
     * of nobody would take away again after a restart, so it must not be started.
     */
    void put(String unit, Held have) throws IOException {
        Map<String, Held> next = new TreeMap<>(held);
        next.put(unit, have);
        save(next);
        held.put(unit, have);
    }

    /**
     * Notes how far a unit is that is held. It holds at once, for the order is out; a file that
     * can't be written catches up later: until then a daemon that is restarted gives the order
     * again, which the init takes as once.
     */
    void mark(String unit, Held have) {
        if (!have.equals(held.replace(unit, have))) {
            behind = true;
            catchUp();
        }
    }

    /** The same for a unit that is gone. */
    void remove(String unit) {
        if (held.remove(unit) != null) {
            behind = true;
            catchUp();
        }
    }

    /** Whether the file says what is held; writes it if it doesn't yet. */
    boolean catchUp() {
        if (behind) {
            try {
                save(held);
            } catch (IOException e) {
                String words = String.valueOf(e.getMessage());
                if (!words.equals(complaint)) {
                    complaint = words;
                    log.warn("{}; units are started and stopped all the same, trying on", words);
                }
            }
        }
        return !behind;
    }

    /** The file need not be told: whoever reads it takes a unit that is unloading for launched. */
    void unloadAgain(String unit) {
        held.computeIfPresent(unit, (_, have) -> have.in(Phase.LAUNCHED));
    }

    private void save(Map<String, Held> units) throws IOException {
        AtomicFile.at(file).unsynced().replace(Json.write(Saved.of(bootId, units)));
        behind = false;
        complaint = "";
    }
}
