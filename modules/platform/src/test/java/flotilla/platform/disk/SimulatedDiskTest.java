package flotilla.platform.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.platform.disk.SimulatedDisk.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SimulatedDiskTest {
    private static final int CUTS = 500;

    private final SimulatedDisk disk = new SimulatedDisk();
    private final Directory directory = disk.directory("d");
    private final SplittableRandom chance = new SplittableRandom(1);

    private static void fill(StoredFile file, int sector, int sectors, char with)
            throws IOException {
        byte[] bytes = new byte[sectors * SimulatedDisk.SECTOR_BYTES];
        Arrays.fill(bytes, (byte) with);
        file.write(ByteBuffer.wrap(bytes), (long) sector * SimulatedDisk.SECTOR_BYTES);
    }

    /** A letter for each sector; one that is written in part has a question mark. */
    private static String sectors(Directory directory, String name) throws IOException {
        StoredFile file = directory.open(name);
        StringBuilder letters = new StringBuilder();
        for (long at = 0; at < file.size(); at += SimulatedDisk.SECTOR_BYTES) {
            ByteBuffer sector = ByteBuffer.allocate(SimulatedDisk.SECTOR_BYTES);
            file.read(sector, at);
            byte first = sector.get(0);
            boolean whole = true;
            for (byte each : sector.array()) {
                whole &= each == first;
            }
            letters.append(whole ? (first == 0 ? '-' : (char) first) : '?');
        }
        return letters.toString();
    }

    /** All that power cuts at this moment leave of a file. */
    private Set<String> outcomes(String name) throws IOException {
        Set<String> outcomes = new TreeSet<>();
        for (int i = 0; i < CUTS; i++) {
            Directory left = disk.afterPowerCut(chance).directory("d");
            outcomes.add(left.names().contains(name) ? sectors(left, name) : "gone");
        }
        return outcomes;
    }

    @Test
    void what_was_synced_survives_every_cut() throws IOException {
        StoredFile file = directory.create("a");
        fill(file, 0, 3, 'x');
        file.sync();
        directory.sync();

        assertThat(outcomes("a")).containsExactly("xxx");
    }

    @Test
    void of_unsynced_sectors_any_survive_each_whole_in_any_version() throws IOException {
        StoredFile file = directory.create("a");
        fill(file, 0, 2, 'x');
        file.sync();
        directory.sync();
        fill(file, 0, 1, 'y');
        fill(file, 0, 2, 'z');

        assertThat(outcomes("a")).containsExactly("xx", "xz", "yx", "yz", "zx", "zz");
    }

    @Test
    void a_length_may_be_lost_and_what_lay_beyond_it_is_never_seen_again() throws IOException {
        StoredFile file = directory.create("a");
        fill(file, 0, 1, 'x');
        file.sync();
        directory.sync();
        fill(file, 1, 1, 'y');
        assertThat(outcomes("a")).containsExactly("x", "x-", "xy");

        for (int i = 0; i < CUTS; i++) {
            Directory left = disk.afterPowerCut(chance).directory("d");
            StoredFile again = left.open("a");
            if (again.size() == SimulatedDisk.SECTOR_BYTES) {
                fill(again, 2, 1, 'z');
                assertThat(sectors(left, "a")).isEqualTo("x-z");
            }
        }
    }

    @Test
    void names_made_changed_and_removed_since_the_directory_s_sync_may_be_lost()
            throws IOException {
        StoredFile file = directory.create("a");
        fill(file, 0, 1, 'x');
        file.sync();
        assertThat(outcomes("a")).containsExactly("gone", "x");
        directory.sync();
        assertThat(outcomes("a")).containsExactly("x");

        directory.rename("a", "b");
        assertThat(outcomes("a")).containsExactly("gone", "x");
        assertThat(outcomes("b")).containsExactly("gone", "x");
        directory.sync();
        directory.delete("b");
        assertThat(outcomes("b")).containsExactly("gone", "x");
    }

    @Test
    void a_failed_sync_has_lost_what_it_should_have_stored_though_it_can_be_read()
            throws IOException {
        StoredFile file = directory.create("a");
        directory.sync();
        fill(file, 0, 1, 'x');
        disk.trouble((operation, _) -> {
            if (operation == Operation.SYNC) {
                throw new IOException("Input/output error");
            }
        });
        assertThatThrownBy(file::sync).hasMessage("Input/output error");
        disk.trouble((_, _) -> {});
        file.sync();

        assertThat(sectors(directory, "a")).isEqualTo("x");
        assertThat(outcomes("a")).containsExactly("-");
    }

    @Test
    void a_full_disk_takes_as_much_as_there_is_room_for() throws IOException {
        StoredFile file = directory.create("a");
        fill(file, 0, 1, 'x');
        disk.limit(3 * SimulatedDisk.SECTOR_BYTES);

        assertThatThrownBy(() -> fill(file, 1, 4, 'y')).hasMessage("No space left on device");

        assertThat(sectors(directory, "a")).isEqualTo("xyy");
        fill(file, 0, 3, 'z');
        assertThat(sectors(directory, "a")).isEqualTo("zzz");
    }

    @Test
    void a_bit_that_turns_is_on_the_disk_too() throws IOException {
        StoredFile file = directory.create("a");
        fill(file, 0, 2, 'x');
        file.sync();
        directory.sync();

        disk.flip("d", "a", 700, 0);

        assertThat(sectors(directory, "a")).isEqualTo("x?");
        assertThat(outcomes("a")).containsExactly("x?");
    }

    @Test
    void trouble_is_told_of_each_operation_before_it_is_done() throws IOException {
        List<String> told = new ArrayList<>();
        disk.trouble((operation, file) -> told.add(operation + " " + file));

        StoredFile file = directory.create("a");
        fill(file, 0, 1, 'x');
        file.sync();
        directory.rename("a", "b");
        directory.sync();
        directory.delete("b");

        assertThat(told)
                .containsExactly(
                        "CREATE d/a",
                        "WRITE d/a",
                        "SYNC d/a",
                        "RENAME d/b",
                        "SYNC_DIRECTORY d",
                        "DELETE d/b");
    }
}
