package flotilla.machine.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import flotilla.machine.Init.JobResult;
import java.io.IOException;
import java.io.InputStream;
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

            machine.reload();

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

    @Test
    void a_pipe_for_standard_output_that_nobody_reads_fails_its_unit_and_holds_up_no_other()
            throws Exception {
        Path pipe = pipe(root.resolve("pipe"));
        try (Machine machine = new Machine(root.resolve("m"))) {
            for (String kind : new String[] {"file", "append", "truncate"}) {
                machine.service(
                        "a.service",
                        "StandardOutput=" + kind + ":" + pipe + "; ExecStart=/bin/true");
                machine.service("b.service", "Type=oneshot; ExecStart=/bin/true");

                machine.start("a.service");

                machine.awaitWords("a.service", "failed/failed/exit-code");
                assertThat(machine.lines("a.service"))
                        .anyMatch(line -> line.contains(pipe + ": nobody reads it"));
                assertThat(machine.start("b.service")).isEqualTo(JobResult.DONE);
                machine.init.resetFailed("a.service");
            }
        }
    }

    @Test
    void a_pipe_for_standard_output_is_waited_for_by_the_program_only() throws Exception {
        Path pipe = pipe(root.resolve("pipe"));
        try (Machine machine = new Machine(root.resolve("m"))) {
            machine.service(
                    "reader.service",
                    "ExecStart=/bin/sh -c 'exec 3<>%s; sleep 1000'".formatted(pipe));
            machine.start("reader.service");
            machine.service(
                    "a.service",
                    "StandardOutput=file:%s; ExecStart=/bin/sh -c 'head -c 200000 /dev/zero; exit 7'"
                            .formatted(pipe));
            await().until(() -> {
                machine.start("a.service");
                return machine.words("a.service").equals("active/running/success");
            });

            try (InputStream written = Files.newInputStream(pipe)) {
                assertThat(written.readNBytes(200_000)).hasSize(200_000).containsOnly(0);
            }
            machine.awaitWords("a.service", "failed/failed/exit-code");
            assertThat(machine.lines("a.service")).anyMatch(line -> line.contains("status=7"));
        }
    }

    @Test
    void standard_output_is_written_from_the_beginning_to_the_end_or_instead() throws Exception {
        Map<String, String> expected =
                Map.of(
                        "file",
                        "new\nld text\n",
                        "append",
                        "an old text\nnew\n",
                        "truncate",
                        "new\n");
        try (Machine machine = new Machine(root.resolve("m"))) {
            for (String kind : expected.keySet()) {
                Path file = Files.writeString(root.resolve(kind), "an old text\n");
                machine.service(
                        "a.service",
                        "Type=oneshot; StandardOutput=%s:%s; ExecStart=/bin/echo new"
                                .formatted(kind, file));

                assertThat(machine.start("a.service")).as(kind).isEqualTo(JobResult.DONE);

                assertThat(file).as(kind).hasContent(expected.get(kind));
            }
        }
    }

    @Test
    void standard_output_that_can_not_be_opened_is_named_and_one_that_is_no_path_is_remarked()
            throws Exception {
        try (Machine machine = new Machine(root.resolve("m"))) {
            machine.service("a.service", "StandardOutput=file:" + root + "; ExecStart=/bin/true");
            machine.start("a.service");
            machine.awaitWords("a.service", "failed/failed/exit-code");
            assertThat(machine.lines("a.service"))
                    .anyMatch(line -> line.contains("is a directory"));

            machine.service(
                    "b.service",
                    "Type=oneshot; StandardOutput=append:x.log; ExecStart=/bin/echo hi");
            assertThat(machine.start("b.service")).isEqualTo(JobResult.DONE);
            machine.awaitLine("b.service", "hi");
            assertThat(machine.lines("b.service"))
                    .contains(
                            "StandardOutput=append:x.log is no absolute path: goes to the journal");
        }
    }

    private static Path pipe(Path path) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
        return path;
    }
}
