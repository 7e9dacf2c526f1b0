package flotilla.machine.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import flotilla.machine.Init.JobResult;
import flotilla.machine.Init.UnitDirectory;
import flotilla.proof.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an init does whose machine has no room for files, on a file system of 128 KiB. */
class FullDiskTest {
    @TempDir private Path parent;

    private SmallDisk disk;
    private Machine machine;

    @BeforeEach
    void open() throws Exception {
        disk = SmallDisk.in(parent, 128 << 10);
        machine = new Machine(disk.path());
    }

    @AfterEach
    void close() throws Exception {
        if (machine != null) {
            machine.close();
        }
        if (disk != null) {
            disk.close();
        }
    }

    @Test
    void a_unit_that_fills_the_disk_with_its_output_runs_on_and_its_log_goes_on_with_room()
            throws Exception {
        Path go = parent.resolve("go");
        machine.service(
                "loud.service",
                "ExecStart=/bin/sh -c 'i=0; while [ $i -lt 3000 ]; do i=$((i+1)); echo \"$i %s\"; done; while [ ! -e %s ]; do sleep 0.05; done; while :; do echo again; sleep 0.1; done'"
                        .formatted("x".repeat(100), go));
        assertThat(machine.start("loud.service")).isEqualTo(JobResult.DONE);
        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> machine.lines("loud.service").getLast().startsWith("3000 "));
        disk.fill();

        assertThat(machine.words("loud.service")).isEqualTo("active/running/success");
        Files.delete(disk.path().resolve("filler"));
        makeRoomInJournal();
        Files.setLastModifiedTime(Files.createFile(go), FileTime.fromMillis(0));

        await().atMost(20, TimeUnit.SECONDS).until(() -> written("loud.service").contains("again"));
        assertThat(written("loud.service"))
                .contains("lines were lost: the journal could not be written");
        assertThat(machine.init.status("loud.service")).contains("again");
    }

    /** As somebody does who looks for what takes up the disk. */
    private void makeRoomInJournal() throws IOException {
        Path log = log("loud.service");
        Files.write(log, new byte[0]);
    }

    private Path log(String unit) throws IOException {
        try (var files = Files.walk(disk.path())) {
            return files.filter(file -> file.endsWith(unit + ".log")).findFirst().orElseThrow();
        }
    }

    private String written(String unit) throws IOException {
        return Files.readString(log(unit));
    }

    @Test
    void a_unit_file_and_a_drop_in_that_find_no_room_are_refused_by_name_and_the_old_ones_stay()
            throws Exception {
        machine.service("a.service", "ExecStart=/bin/sleep 1000");
        machine.init.write(
                UnitDirectory.PERSISTENT, "a.service.d/10-a.conf", "[Service]\nEnvironment=A=1\n");
        String before = contents();
        disk.fill();

        for (String name : new String[] {"a.service", "b.service", "a.service.d/10-a.conf"}) {
            for (UnitDirectory directory : UnitDirectory.values()) {
                assertThatThrownBy(() -> machine.init.write(directory, name, "[Service]\n"))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining(name)
                        .hasMessageContaining("No space left on device");
            }
        }
        machine.reload();

        assertThat(contents()).isEqualTo(before);
        assertThat(machine.start("a.service")).isEqualTo(JobResult.DONE);
        assertThat(machine.stop("a.service")).isEqualTo(JobResult.DONE);
        disk.makeRoom();
        machine.service("b.service", "ExecStart=/bin/sleep 1000");
        assertThat(machine.start("b.service")).isEqualTo(JobResult.DONE);
    }

    @Test
    void an_init_that_finds_no_room_does_not_forget_which_boot_it_is() throws Exception {
        machine.service("a.service", "ExecStart=/bin/sleep 1000");
        machine.close();
        disk.fill();

        assertThatThrownBy(() -> new Machine(disk.path()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("boot-id")
                .hasMessageContaining("No space left on device");
        disk.makeRoom();
        machine = new Machine(disk.path());

        assertThat(machine.start("a.service")).isEqualTo(JobResult.DONE);
    }

    /** All unit files with what is in them. */
    private String contents() throws IOException {
        StringBuilder all = new StringBuilder();
        try (var files = Files.walk(disk.path())) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                if (file.toString().contains("systemd")) {
                    all.append(file).append(":\n").append(Files.readString(file));
                }
            }
        }
        return all.toString();
    }
}
