package flotilla.provision.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import flotilla.proof.SmallDisk;
import flotilla.provision.machine.BootStatus.Phase;
import java.io.IOException;
import java.lang.Thread.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A local machine whose disk, a file system of 256 KiB, is full. */
class FullDiskTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir private Path parent;

    @Test
    void a_boot_that_finds_no_room_says_so_when_there_is_and_the_next_one_does_all()
            throws Exception {
        try (SmallDisk disk = SmallDisk.in(parent, 256 << 10)) {
            Path directory = disk.path();
            Files.writeString(
                    directory.resolve("user-data"),
                    "#cloud-config\nwrite_files: [{path: /etc/a, content: a}]\n");
            Files.writeString(MachineSpec.file(directory), spec(directory).json());
            new BootStatus(Phase.DOWN, "before").write(directory);
            try (LocalMachine machine = LocalMachine.powerOn(directory)) {
                disk.fill();
                FutureTask<Boolean> boot =
                        new FutureTask<>(() -> {
                            machine.boot();
                            return true;
                        });
                Thread thread = Thread.ofPlatform().start(boot);
                await().atMost(PATIENCE).until(() -> thread.getState() == State.TIMED_WAITING);
                assertThat(BootStatus.read(directory))
                        .isEqualTo(new BootStatus(Phase.DOWN, "before"));

                disk.makeRoom();
                assertThat(boot.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

                assertThat(BootStatus.read(directory).phase()).isEqualTo(Phase.FAILED);
                assertThat(BootStatus.read(directory).words())
                        .contains("No space left on device")
                        .doesNotContain("Exception");
            }
            try (LocalMachine machine = LocalMachine.powerOn(directory)) {
                machine.boot();

                assertThat(BootStatus.read(directory)).isEqualTo(new BootStatus(Phase.RUNNING, ""));
                assertThat(directory.resolve("root/etc/a")).hasContent("a");
            }
        }
    }

    @Test
    void what_a_root_directory_holds_is_left_alone_and_what_it_lacks_is_named() throws Exception {
        try (SmallDisk disk = SmallDisk.in(parent, 256 << 10)) {
            MachineSpec spec = spec(disk.path());
            RootDirectory.prepare(spec);
            Path stock = disk.path().resolve("root/usr/lib/systemd/system/etcd.service");
            String before = Files.readString(stock);
            disk.fill();

            RootDirectory.prepare(spec);
            assertThat(Files.readString(stock)).isEqualTo(before);

            Files.delete(stock);
            disk.fill();
            assertThatThrownBy(() -> RootDirectory.prepare(spec))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(stock.toString())
                    .hasMessageContaining("No space left on device");
            assertThat(stock).doesNotExist();
        }
    }

    private static MachineSpec spec(Path directory) {
        return new MachineSpec(
                "core-01",
                "127.77.0.11",
                "a".repeat(32),
                directory.resolve("root").toString(),
                directory.resolve("user-data").toString(),
                Optional.empty(),
                Optional.empty(),
                1L << 30,
                1,
                "/");
    }
}
