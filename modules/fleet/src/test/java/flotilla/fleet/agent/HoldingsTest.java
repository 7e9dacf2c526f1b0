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
    private static final Held LAUNCHED = new Held("h1", Phase.LAUNCHED);

    @TempDir private Path directory = Path.of("");

    @Test
    void what_could_not_be_written_is_not_taken_for_true() throws IOException {
        Holdings holdings = open("boot-1");
        holdings.put("a.service", LAUNCHED);
        Path file = directory.resolve("units.json");
        Files.delete(file);
        Path inTheWay = Files.createDirectories(file.resolve("in-the-way"));

        assertThatThrownBy(() -> holdings.put("a.service", LAUNCHED.in(Phase.UNLOADING)))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> holdings.remove("a.service")).isInstanceOf(IOException.class);

        assertThat(holdings.held()).containsEntry("a.service", LAUNCHED);
        Files.delete(inTheWay);
        Files.delete(file);
        holdings.remove("a.service");
        assertThat(holdings.held()).isEmpty();
        assertThat(open("boot-1").held()).isEmpty();
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
