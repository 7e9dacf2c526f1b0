package flotilla.fleet.agent.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.fleet.agent.Held;
import flotilla.fleet.agent.Held.Phase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiaryTest {
    private static final Held LAUNCHED = new Held("h1", Phase.LAUNCHED, 3);
    private static final Held LOADED = new Held("h1", Phase.LOADED, 3);

    @TempDir private Path directory = Path.of("");

    @Test
    void a_unit_that_could_not_be_written_down_is_not_taken() throws IOException {
        Diary diary = open("boot-1");
        Path inTheWay = inTheWay();

        assertThatThrownBy(() -> diary.put("a.service", LAUNCHED)).isInstanceOf(IOException.class);

        assertThat(diary.held()).isEmpty();
        makeWay(inTheWay);
        diary.put("a.service", LAUNCHED);
        assertThat(open("boot-1").held()).containsEntry("a.service", LAUNCHED);
    }

    @Test
    void how_far_a_unit_is_holds_at_once_and_the_file_catches_up() throws IOException {
        Diary diary = open("boot-1");
        diary.put("a.service", LOADED);
        diary.put("b.service", LAUNCHED);
        Files.delete(directory.resolve("units.log"));
        Path inTheWay = inTheWay();

        diary.mark("a.service", LAUNCHED);
        diary.remove("b.service");

        assertThat(diary.held()).isEqualTo(Map.of("a.service", LAUNCHED));
        assertThat(diary.catchUp()).isFalse();
        makeWay(inTheWay);
        assertThat(diary.catchUp()).isTrue();
        assertThat(open("boot-1").held()).isEqualTo(Map.of("a.service", LAUNCHED));
    }

    private Path inTheWay() throws IOException {
        return Files.createDirectories(directory.resolve("units.log/in-the-way"));
    }

    private static void makeWay(Path inTheWay) throws IOException {
        Files.delete(inTheWay);
        Files.delete(inTheWay.getParent());
    }

    @Test
    void what_an_earlier_boot_wrote_is_stale() throws IOException {
        Diary diary = open("boot-1");
        diary.put("a.service", LAUNCHED);
        diary.put("b.service", LAUNCHED);
        diary.remove("b.service");

        assertThat(open("boot-2").held()).isEmpty();
        assertThat(open("boot-2").stale()).isEqualTo(Map.of("a.service", LAUNCHED));
    }

    @Test
    void a_change_appends_a_line_and_the_file_stays_within_twice_what_it_needs()
            throws IOException {
        Diary diary = open("boot-1");
        for (int i = 0; i < 100; i++) {
            diary.put("u" + i + ".service", LOADED);
        }
        Object inode = Files.getAttribute(file(), "unix:ino");
        diary.mark("u7.service", LAUNCHED);
        assertThat(Files.getAttribute(file(), "unix:ino")).isEqualTo(inode);

        for (int i = 0; i < 10_000; i++) {
            diary.mark("u7.service", new Held("h1", Phase.LAUNCHED, 4 + i));
            assertThat(lines()).isLessThanOrEqualTo(2 * (1 + 100));
        }

        assertThat(open("boot-1").held())
                .hasSize(100)
                .containsEntry("u7.service", new Held("h1", Phase.LAUNCHED, 10_003));
    }

    private int lines() throws IOException {
        return (int) Files.readString(file()).lines().count();
    }

    @Test
    void a_file_that_somebody_removed_is_written_anew() throws IOException {
        Diary diary = open("boot-1");
        diary.put("a.service", LOADED);
        Files.delete(file());

        diary.mark("a.service", LAUNCHED);

        assertThat(open("boot-1").held()).isEqualTo(Map.of("a.service", LAUNCHED));
    }

    /** Taken for another boot's, it would have the files of running units removed. */
    @Test
    void no_damage_makes_other_holdings_of_it_or_keeps_the_daemon_from_starting()
            throws IOException {
        byte[] whole = threeLines();
        for (int bit = 0; bit < 8 * whole.length; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file(), flipped);
            boolean cutsTheEnd = bit / 8 == whole.length - 1;
            assertThat(open("boot-1").held())
                    .as("bit %d", bit)
                    .isIn(Map.of(), cutsTheEnd ? Map.of("a.service", LOADED) : Map.of());
            assertThat(open("boot-1").stale()).as("bit %d", bit).isEmpty();
        }
        for (String text : List.of("{}\n", "null\n", "[]\n", "\n", "00000000 {}\n")) {
            Files.writeString(file(), text);
            assertThat(open("boot-1").held()).isEmpty();
        }
    }

    @Test
    void a_last_line_without_its_end_has_not_happened_and_the_next_change_is_kept()
            throws IOException {
        byte[] whole = threeLines();
        int last = new String(whole, StandardCharsets.UTF_8).stripTrailing().lastIndexOf('\n') + 1;
        for (int length = last; length < whole.length; length++) {
            Files.write(file(), Arrays.copyOf(whole, length));
            assertThat(open("boot-1").held()).isEqualTo(Map.of("a.service", LOADED));
        }

        open("boot-1").put("b.service", LAUNCHED);

        assertThat(open("boot-1").held())
                .isEqualTo(Map.of("a.service", LOADED, "b.service", LAUNCHED));
    }

    /** The boot, a unit, and how far it is. */
    private byte[] threeLines() throws IOException {
        Diary diary = open("boot-1");
        diary.put("a.service", LOADED);
        diary.mark("a.service", LAUNCHED);
        return Files.readAllBytes(file());
    }

    private Path file() {
        return directory.resolve("units.log");
    }

    private Diary open(String bootId) throws IOException {
        return Diary.open(directory.resolve("units.log"), bootId);
    }
}
