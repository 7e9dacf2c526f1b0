package flotilla.store.log.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.platform.disk.Directory;
import flotilla.platform.disk.HostDirectory;
import flotilla.platform.disk.SimulatedDisk;
import flotilla.raft.log.Entry;
import flotilla.raft.log.HardState;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfState;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files that are not as they were left: refused by name and place, or harmless; never served. */
class DamageTest {
    private static final WalOwner OWNER = new WalOwner(0xa1, 0xc1);
    private static final WalOptions OPTIONS = new WalOptions(4_000, 1_024, 0);
    private static final ConfState MEMBERS = ConfState.of(0xa1, 0xa2, 0xa3);
    private static final int ENTRIES = 30;
    private static final int DATA_BYTES = 300;

    /** Two checksums, which say only that another file follows; and it does. */
    private static final int SEAL_BYTES = 32;

    @TempDir private Path path;

    @BeforeEach
    void a_log_of_three_files() throws IOException {
        write(HostDirectory.at(path), OPTIONS, DATA_BYTES);
        assertThat(files()).hasSize(3);
    }

    /** Every kind of record, in every file, each batch synced. */
    private static void write(Directory directory, WalOptions options, int dataBytes)
            throws IOException {
        Wal.create(directory, OWNER, options, new SnapshotMark(0, 0, MEMBERS));
        try (Wal wal = Wal.open(directory, OWNER, options).wal()) {
            SplittableRandom chance = new SplittableRandom(1);
            for (int i = 1; i <= ENTRIES; i += 2) {
                List<Entry> batch = new ArrayList<>();
                for (int index = i; index < i + 2; index++) {
                    byte[] data = new byte[dataBytes];
                    chance.nextBytes(data);
                    batch.add(new Entry(index, 1 + i / 10, Entry.Kind.NORMAL, data));
                }
                wal.append(batch, new HardState(1 + i / 10, 0xa2, i));
                wal.sync();
                if (i % 5 == 0) {
                    wal.mark(new SnapshotMark(i, 1 + i / 10, MEMBERS));
                    wal.sync();
                }
            }
        }
    }

    /** What happens to which file, and what must then be said of which. */
    enum Damage {
        ZEROED_IN_THE_MIDDLE_OF_THE_LAST(2, "zero 512 512", 2, "more was written to the file"),
        ZEROED_IN_THE_MIDDLE_OF_AN_OLDER(1, "zero 1024 512", 2, "doesn't go on where"),
        ZEROED_WHOLE_AT_THE_END(2, "zero 0 8192", 2, "the head of the file"),
        ZEROED_WHOLE_BEFORE(0, "zero 0 8192", 0, "the head of the file"),
        CUT_IN_A_RECORD_AT_THE_END(2, "cut 1003", 2, "it was cut"),
        CUT_IN_A_RECORD_BEFORE(1, "cut 1003", 2, "doesn't go on where"),
        CUT_BEHIND_A_SECTOR_BEFORE(1, "cut 1024", 2, "doesn't go on where"),
        EMPTIED_AT_THE_END(2, "cut 0", 2, "the head of the file"),
        EMPTIED_BEFORE(0, "cut 0", 0, "the head of the file"),
        GONE_AT_THE_END(2, "delete", 2, "the file is gone"),
        GONE_IN_THE_MIDDLE(1, "delete", -1, "stands between"),
        IN_PLACE_OF_THE_NEXT(0, "swap 1", 0, "has the checksum"),
        IN_PLACE_OF_THE_LAST(2, "swap 1", 1, "doesn't go on where"),
        A_COPY_OF_ANOTHER_AT_THE_END(2, "copy 1", 2, "doesn't go on where"),
        JUNK_AT_THE_END(2, "junk 900", 2, "has the checksum"),
        JUNK_BEFORE(1, "junk 900", 1, "has the checksum");

        private final int file;
        private final String what;
        private final int named;
        private final String said;

        Damage(int file, String what, int named, String said) {
            this.file = file;
            this.what = what;
            this.named = named;
            this.said = said;
        }
    }

    @ParameterizedTest
    @EnumSource
    void damage_is_refused_with_file_and_place_and_what_to_do(Damage damage) throws IOException {
        List<Path> before = files();
        apply(damage.what.split(" "), before, damage.file);
        List<ByteBuffer> contents = contents();

        assertThatThrownBy(() -> Wal.open(HostDirectory.at(path), OWNER, OPTIONS))
                .isInstanceOf(DamagedLog.class)
                .hasMessageContaining(
                        damage.named < 0 ? path.toString() : before.get(damage.named).toString())
                .hasMessageContaining(damage.said)
                .hasMessageContaining("etcdctl member remove");

        assertThat(contents()).as("nothing is changed").isEqualTo(contents);
    }

    private static void apply(String[] what, List<Path> files, int number) throws IOException {
        Path file = files.get(number);
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            switch (what[0]) {
                case "zero" -> {
                    bytes.seek(Long.parseLong(what[1]));
                    bytes.write(new byte[Integer.parseInt(what[2])]);
                }
                case "cut" -> bytes.setLength(Long.parseLong(what[1]));
                case "junk" -> {
                    bytes.seek(Long.parseLong(what[1]));
                    bytes.write("no record at all".getBytes(StandardCharsets.UTF_8));
                }
                case "delete" -> Files.delete(file);
                case "copy" ->
                        bytes.write(Files.readAllBytes(files.get(Integer.parseInt(what[1]))));
                default -> {
                    Path other = files.get(Integer.parseInt(what[1]));
                    byte[] mine = Files.readAllBytes(file);
                    Files.write(file, Files.readAllBytes(other));
                    Files.write(other, mine);
                }
            }
        }
    }

    @Test
    void every_single_bit_that_turns_is_noticed() throws IOException {
        SimulatedDisk disk = new SimulatedDisk();
        Directory directory = disk.directory("wal");
        write(directory, new WalOptions(1_200, 512, 0), 20);
        List<String> unnoticed = new ArrayList<>();
        List<String> names = directory.names();
        for (String name : names) {
            long end = Zeros.endOfOthers(directory.open(name), 0, OPTIONS.segmentBytes() * 2);
            if (!name.equals(names.getLast())) {
                end = Math.ceilDiv(end, Frame.BYTES) * Frame.BYTES - SEAL_BYTES;
            }
            for (long at = 0; at < end * Byte.SIZE; at++) {
                disk.flip("wal", name, at / Byte.SIZE, (int) (at % Byte.SIZE));
                if (isServed(disk)) {
                    unnoticed.add("%s, byte %d".formatted(name, at / Byte.SIZE));
                }
                disk.flip("wal", name, at / Byte.SIZE, (int) (at % Byte.SIZE));
            }
        }
        assertThat(unnoticed).isEmpty();
    }

    private static boolean isServed(SimulatedDisk disk) throws IOException {
        try {
            Wal.open(disk.directory("wal"), OWNER, OPTIONS);
            return true;
        } catch (DamagedLog noticed) {
            return false;
        }
    }

    @Test
    void a_log_of_another_member_or_cluster_is_refused() {
        for (WalOwner other : List.of(new WalOwner(0xa2, 0xc1), new WalOwner(0xa1, 0xc2))) {
            assertThatThrownBy(() -> Wal.open(HostDirectory.at(path), other, OPTIONS))
                    .isInstanceOf(DamagedLog.class)
                    .hasMessageContaining("the log of member a1 of cluster c1, not of " + other);
        }
    }

    @Test
    void a_bit_that_turns_while_the_member_runs_is_not_served() throws IOException {
        SimulatedDisk disk = new SimulatedDisk();
        write(disk.directory("wal"), OPTIONS, DATA_BYTES);
        StoredEntries entries = Wal.open(disk.directory("wal"), OWNER, OPTIONS).wal().entries();
        assertThat(entries.read(1, 3, 1_000)).hasSize(2);

        disk.flip("wal", SegmentName.FIRST.toString(), 700, 3);

        assertThatThrownBy(() -> entries.read(1, ENTRIES, Long.MAX_VALUE))
                .isInstanceOf(DamagedLog.class)
                .hasMessageContaining(SegmentName.FIRST.toString())
                .hasMessageContaining("can't be read any more");
    }

    @Test
    void a_log_shorter_than_what_was_applied_is_refused() throws IOException {
        Opened opened = Wal.open(HostDirectory.at(path), OWNER, OPTIONS);

        opened.requireHolds(ENTRIES);
        assertThatThrownBy(() -> opened.requireHolds(ENTRIES + 1))
                .isInstanceOf(DamagedLog.class)
                .hasMessageContaining("ends with entry 30, but entry 31 was applied");
    }

    @Test
    void a_log_whose_first_files_are_gone_is_refused_by_who_applied_less() throws IOException {
        Files.delete(files().getFirst());
        Opened opened = Wal.open(HostDirectory.at(path), OWNER, OPTIONS);

        assertThatThrownBy(() -> opened.requireHolds(2))
                .isInstanceOf(DamagedLog.class)
                .hasMessageContaining("begins after entry")
                .hasMessageContaining("only entry 2 was applied");
    }

    @Test
    void other_files_in_the_directory_do_no_harm() throws IOException {
        Files.writeString(path.resolve("notes"), "not ours");
        Files.writeString(path.resolve("0000000000000009-0000000000000099.wal.tmp"), "half");

        Opened opened = Wal.open(HostDirectory.at(path), OWNER, OPTIONS);

        assertThat(opened.wal().entries().last()).isEqualTo(ENTRIES);
        assertThat(path.resolve("notes")).exists();
        assertThat(path.resolve("0000000000000009-0000000000000099.wal.tmp")).doesNotExist();
    }

    private List<Path> files() throws IOException {
        return HostDirectory.at(path).names().stream().map(path::resolve).toList();
    }

    private List<ByteBuffer> contents() throws IOException {
        List<ByteBuffer> contents = new ArrayList<>();
        for (Path file : files()) {
            contents.add(ByteBuffer.wrap(Files.readAllBytes(file)));
        }
        return contents;
    }
}
