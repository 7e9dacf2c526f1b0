package flotilla.fleet.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.fleet.agent.Held.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HoldingsTest {
    private static final Held LAUNCHED = new Held("h1", Phase.LAUNCHED, 3);

    @TempDir private Path directory = Path.of("");

    @Test
    void a_unit_that_could_not_be_written_down_is_not_taken() throws IOException {
        Holdings holdings = open("boot-1");
        Path inTheWay = inTheWay();

        assertThatThrownBy(() -> holdings.put("a.service", LAUNCHED))
                .isInstanceOf(IOException.class);

        assertThat(holdings.held()).isEmpty();
        makeWay(inTheWay);
        holdings.put("a.service", LAUNCHED);
        assertThat(open("boot-1").held()).containsEntry("a.service", LAUNCHED);
    }

    @Test
    void how_far_a_unit_is_holds_at_once_and_the_file_catches_up() throws IOException {
        Holdings holdings = open("boot-1");
        holdings.put("a.service", LAUNCHED.in(Phase.LOADED));
        holdings.put("b.service", LAUNCHED);
        Files.delete(directory.resolve("units.json"));
        Path inTheWay = inTheWay();

        holdings.mark("a.service", LAUNCHED);
        holdings.remove("b.service");

        assertThat(holdings.held()).isEqualTo(Map.of("a.service", LAUNCHED));
        assertThat(holdings.catchUp()).isFalse();
        makeWay(inTheWay);
        assertThat(holdings.catchUp()).isTrue();
        assertThat(open("boot-1").held()).isEqualTo(Map.of("a.service", LAUNCHED));
    }

    private Path inTheWay() throws IOException {
        return Files.createDirectories(directory.resolve("units.json/in-the-way"));
    }

    private static void makeWay(Path inTheWay) throws IOException {
        Files.delete(inTheWay);
        Files.delete(inTheWay.getParent());
    }

    @Test
    void a_unit_that_was_being_unloaded_is_unloaded_after_a_restart() throws IOException {
        open("boot-1").put("a.service", LAUNCHED.in(Phase.UNLOADING));

        assertThat(open("boot-1").held()).containsEntry("a.service", LAUNCHED);
        assertThat(open("boot-2").held()).isEmpty();
        assertThat(open("boot-2").stale()).containsKey("a.service");
    }

    /** Taken for another boot's, it would have the files of running units removed. */
    @Test
    void no_damage_makes_other_holdings_of_it_or_keeps_the_daemon_from_starting()
            throws IOException {
        Holdings holdings = open("boot-1");
        holdings.put("a.service", LAUNCHED);
        Path file = directory.resolve("units.json");
        byte[] whole = Files.readAllBytes(file);
        for (int bit = 0; bit < 8 * whole.length; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, flipped);
            assertThat(open("boot-1").held()).as("bit %d", bit).isIn(holdings.held(), Map.of());
            assertThat(open("boot-1").stale()).as("bit %d", bit).isEmpty();
        }
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThat(open("boot-1").held()).isEmpty();
        }
        for (String text : List.of("{}", "null", "[]", "{\"bootId\":\"boot-1\"}")) {
            Files.writeString(file, text);
            assertThat(open("boot-1").held()).isEmpty();
        }
    }

    private Holdings open(String bootId) throws IOException {
        return Holdings.open(directory.resolve("units.json"), bootId);
    }
}
