package flotilla.machine.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.machine.Init.JobResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that are none, or not as they were left: one unit's trouble, and no other's. */
@Timeout(60)
class StrangeFilesTest {
    @TempDir Path root;

    @Test
    void a_unit_file_that_is_no_text_file_is_that_units_load_error() throws Exception {
        try (Machine machine = new Machine(root)) {
            machine.service("well.service", "Type=oneshot; ExecStart=/bin/true");
            Path units = root.resolve("run/systemd/system");
            pipe(units.resolve("pipe.service"));
            Files.createDirectory(units.resolve("directory.service"));
            Files.createSymbolicLink(units.resolve("zero.service"), Path.of("/dev/zero"));
            Files.createSymbolicLink(units.resolve("loop.service"), units.resolve("loop.service"));
            Files.write(units.resolve("bits.service"), new byte[] {'[', (byte) 0xc3, 0, '\n'});
            Files.writeString(units.resolve("long.service"), "#".repeat(SmallFile.BYTES_MAX + 1));

            machine.init.reload();

            for (String name : new String[] {"pipe", "directory", "zero", "loop", "bits", "long"}) {
                assertThat(machine.state(name + ".service").load()).as(name).isEqualTo("error");
                assertThat(machine.start(name + ".service")).isEqualTo(JobResult.NOT_LOADED);
                assertThat(machine.init.status(name + ".service")).contains(name + ".service");
            }
            assertThat(machine.start("well.service")).isEqualTo(JobResult.DONE);
        }
    }

    @Test
    void an_environment_file_that_is_no_text_file_is_refused_with_its_name() throws Exception {
        Path huge = Files.writeString(root.resolve("huge"), "A=" + "x".repeat(2 << 20));
        Path bits = Files.write(root.resolve("bits"), new byte[] {'A', '=', (byte) 0xff});
        Path pipe = pipe(root.resolve("pipe"));
        try (Machine machine = new Machine(root.resolve("m"))) {
            for (Path file : new Path[] {huge, bits, pipe}) {
                machine.service("a.service", "EnvironmentFile=" + file + "; ExecStart=/bin/true");
                machine.start("a.service");

                machine.awaitWords("a.service", "failed/failed/resources");
                assertThat(machine.lines("a.service")).anyMatch(line -> line.contains("" + file));
                machine.init.resetFailed("a.service");
            }
        }
    }

    @Test
    void a_boot_mark_that_can_not_be_read_is_another_boots() throws Exception {
        try (Machine machine = new Machine(root, Map.of(), "strange-1", "boot-1")) {
            machine.service("a.service", "ExecStart=/bin/true");
        }
        Files.write(root.resolve("run/boot-id"), new byte[] {(byte) 0xff, 0});

        try (Machine machine = new Machine(root, Map.of(), "strange-1", "boot-1")) {
            assertThat(machine.state("a.service").load()).isEqualTo("not-found");
        }
    }

    @Test
    void a_builtin_whose_classes_are_missing_fails_its_unit() throws Exception {
        BuiltinProgram broken =
                _ -> {
                    throw new NoClassDefFoundError("org/rocksdb/RocksDB");
                };
        try (Machine machine = new Machine(root, Map.of("/usr/bin/etcd", broken))) {
            machine.service("etcd.service", "ExecStart=/usr/bin/etcd");

            assertThat(machine.start("etcd.service")).isEqualTo(JobResult.FAILED);
        }
    }

    private static Path pipe(Path path) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
        return path;
    }
}
