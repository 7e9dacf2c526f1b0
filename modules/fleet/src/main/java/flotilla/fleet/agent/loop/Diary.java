package flotilla.fleet.agent.loop;

import flotilla.fleet.agent.Held;
import flotilla.platform.disk.AtomicFile;
import flotilla.platform.disk.Checksum;
import flotilla.platform.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
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
 * <p>A line for each change, appended: its checksum, and what is held of one unit now. The first
 * line names the boot. When it has become twice as long as need be it is written anew. A last line
 * without its end is of a daemon that died while it wrote, and what it says has not happened;
 * anything else that doesn't fit is damage, and nothing in it counts. No fsync, which {@code /run}
 * is not worth: after a power cut the boot is another one.
 */
final class Diary {
    private static final Logger log = LoggerFactory.getLogger(Diary.class);

    /** Lines that a file may have before it is written anew, however little is held. */
    private static final int LINES_MIN = 64;

    private final Path file;
    private final String bootId;
    private final Map<String, Held> held = new TreeMap<>();
    private final Map<String, Held> stale = new TreeMap<>();
    private int lines;

    /** Whether the file lacks what is held, or its end is not known. */
    private boolean behind = true;

    private String complaint = "";

    private record Boot(String boot) {
        Boot {
            Objects.requireNonNull(boot, "boot");
        }
    }

    /**
     * @param held none: the unit is gone
     */
    private record Line(String unit, @Nullable Held held) {
        Line {
            Objects.requireNonNull(unit, "unit");
        }
    }

    private Diary(Path file, String bootId) {
        this.file = file;
        this.bootId = bootId;
    }

    static Diary open(Path file, String bootId) throws IOException {
        Diary diary = new Diary(file, bootId);
        Files.createDirectories(file.toAbsolutePath().getParent());
        diary.read();
        return diary;
    }

    private void read() throws IOException {
        try {
            String text = Files.readString(file);
            read(text.substring(0, text.lastIndexOf('\n') + 1).lines().toList());
        } catch (NoSuchFileException e) {
            log.debug("no {}", file);
        } catch (CharacterCodingException | RuntimeException e) {
            complain(e.toString());
        }
    }

    /** All or nothing: a change that was lost in the middle is worse than none at all. */
    private void read(List<String> all) {
        if (all.isEmpty()) {
            return;
        }
        boolean sameBoot = bootId.equals(Json.read(checked(all.getFirst()), Boot.class).boot());
        Map<String, Held> found = new TreeMap<>();
        for (String each : all.subList(1, all.size())) {
            Line line = Json.read(checked(each), Line.class);
            if (line.held() == null) {
                found.remove(line.unit());
            } else {
                found.put(line.unit(), line.held());
            }
        }
        (sameBoot ? held : stale).putAll(found);
    }

    private static String checked(String line) {
        int space = line.indexOf(' ');
        String json = line.substring(space + 1);
        if (space < 0 || !Checksum.of(json).equals(line.substring(0, space))) {
            throw new IllegalArgumentException("the checksum of a line doesn't fit");
        }
        return json;
    }

    private static String line(Object value) {
        String json = Json.write(value);
        return Checksum.of(json) + " " + json + "\n";
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
        Held before = held.put(unit, have);
        try {
            write(unit, have);
        } catch (IOException e) {
            if (before == null) {
                held.remove(unit);
            } else {
                held.put(unit, before);
            }
            throw e;
        }
    }

    /**
     * Notes how far a unit is that is held. It holds at once, for the order is out; a file that
     * can't be written catches up later: until then a daemon that is restarted gives the order
     * again, which the init takes as once.
     */
    void mark(String unit, Held have) {
        if (!have.equals(held.replace(unit, have))) {
            writeOrCatchUp(unit, have);
        }
    }

    /** The same for a unit that is gone. */
    void remove(String unit) {
        if (held.remove(unit) != null) {
            writeOrCatchUp(unit, null);
        }
    }

    private void writeOrCatchUp(String unit, @Nullable Held have) {
        try {
            write(unit, have);
        } catch (IOException e) {
            complainOfWriting(e);
        }
    }

    /** Whether the file says what is held; writes it if it doesn't yet. */
    boolean catchUp() {
        if (behind && (lines > 0 || !held.isEmpty())) {
            try {
                writeAnew();
            } catch (IOException e) {
                complainOfWriting(e);
                return false;
            }
        }
        return true;
    }

    private void complainOfWriting(IOException e) {
        String words = String.valueOf(e.getMessage());
        if (!words.equals(complaint)) {
            complaint = words;
            log.warn("{}; units are started and stopped all the same, trying on", words);
        }
    }

    private void write(String unit, @Nullable Held have) throws IOException {
        if (behind || lines >= Math.max(LINES_MIN, 2 * (held.size() + 1))) {
            writeAnew();
            return;
        }
        behind = true;
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer bytes =
                    ByteBuffer.wrap(line(new Line(unit, have)).getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            lines++;
            behind = false;
        } catch (IOException e) {
            // Removed, or without room for a line: whole, it may have room, or says why not.
            writeAnew();
        }
    }

    private void writeAnew() throws IOException {
        behind = true;
        StringBuilder text = new StringBuilder(line(new Boot(bootId)));
        held.forEach((unit, have) -> text.append(line(new Line(unit, have))));
        AtomicFile.at(file).unsynced().replace(text.toString());
        lines = 1 + held.size();
        behind = false;
        complaint = "";
    }
}
