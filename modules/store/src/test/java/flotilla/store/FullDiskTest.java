package flotilla.store;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.proof.SmallDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member whose disk, a file system of 24 MiB, fills while clients put. */
class FullDiskTest {
    private static final int DISK_BYTES = 24 << 20;
    private static final int PUTS_MAX = 2000;

    @TempDir private Path parent;

    @Test
    void a_put_that_found_no_room_is_not_acknowledged_and_those_before_it_are_all_there_with_room()
            throws Exception {
        try (SmallDisk disk = SmallDisk.in(parent, DISK_BYTES)) {
            fillWhileClientsPut(disk);
        }
    }

    private static void fillWhileClientsPut(SmallDisk disk) throws Exception {
        Path directory = disk.path().resolve("etcd");
        List<Integer> acknowledged = new ArrayList<>();
        try (EtcdServer member = SmallMember.start(directory)) {
            member.ready().get(SmallMember.PATIENCE_SECONDS, TimeUnit.SECONDS);
            while (acknowledged.size() < 100 && put(member, acknowledged.size())) {
                acknowledged.add(acknowledged.size());
            }
            disk.fill();
            while (acknowledged.size() < PUTS_MAX && put(member, acknowledged.size())) {
                acknowledged.add(acknowledged.size());
            }

            assertThat(acknowledged).hasSizeBetween(100, PUTS_MAX - 1);
            assertThat(member.failure())
                    .failsWithin(Duration.ofSeconds(SmallMember.PATIENCE_SECONDS))
                    .withThrowableThat()
                    .withMessageContaining(directory.toString())
                    .withMessageContaining("No space left on device")
                    .withMessageContaining("start this member again");
        }
        disk.makeRoom();

        try (EtcdServer member = SmallMember.start(directory)) {
            member.ready().get(SmallMember.PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(acknowledged).allMatch(number -> holds(member, number));
            assertThat(put(member, PUTS_MAX)).isTrue();
        }
    }

    private static boolean put(EtcdServer member, int number) throws InterruptedException {
        try {
            var _ =
                    member.propose(Commands.put("k" + number, "v".repeat(1000)))
                            .get(SmallMember.PATIENCE_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    private static boolean holds(EtcdServer member, int number) {
        return Commands.read(member.machine(), Commands.range("k" + number, "", 0)).getCount() == 1;
    }
}
