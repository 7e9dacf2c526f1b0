package flotilla.cloudconfig.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.cloudconfig.document.CloudConfig;
import flotilla.cloudconfig.document.CloudConfig.Mode;
import flotilla.cloudconfig.document.Metadata;
import flotilla.cloudconfig.plan.Plan;
import flotilla.machine.FakeInit;
import flotilla.machine.Init.JobResult;
import flotilla.proof.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A machine boots and has no room for what its user-data says, on a file system of 64 KiB. */
class FullDiskTest {
    @TempDir private Path parent;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "write_files: [{path: /etc/old, content: after}]",
                "write_files: [{path: /srv/a/b/fresh, content: after}]",
                "hostname: after",
                "ssh_authorized_keys: [ssh-ed25519 AAAA after]",
            })
    void what_finds_no_room_is_named_what_was_there_stays_and_the_next_boot_with_room_does_it(
            String line) throws Exception {
        try (SmallDisk disk = SmallDisk.in(parent, 64 << 10)) {
            Path root = disk.path();
            apply(root, "write_files: [{path: /etc/old, content: before}]");
            disk.fill();
            Map<String, String> before = files(root);

            assertThatThrownBy(() -> apply(root, line))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("can't ")
                    .hasMessageContaining(root.toString())
                    .hasMessageContaining("No space left on device");

            assertThat(files(root)).isEqualTo(before);
            disk.makeRoom();
            apply(root, line);
            assertThat(files(root)).isNotEqualTo(before);
            assertThat(String.join("", files(root).values())).contains("after");
        }
    }

    private static void apply(Path root, String line) throws IOException, InterruptedException {
        CloudConfig document =
                CloudConfig.read("#cloud-config\n" + line + "\n", Mode.LENIENT)
                        .document()
                        .orElseThrow();
        Metadata metadata = Metadata.of("id", "core-01", "10.0.0.5");
        new Applier(root, FakeInit.ending(JobResult.DONE).ports("id", "m1"), _ -> {})
                .apply(Plan.of(document, metadata));
    }

    /** What is in each file but what fills the disk. */
    private static Map<String, String> files(Path root) throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(root)) {
            List<Path> files = walk.filter(Files::isRegularFile).toList();
            for (Path file : files) {
                if (!file.endsWith("filler")) {
                    all.put(file.toString(), Files.readString(file));
                }
            }
        }
        return all;
    }
}
