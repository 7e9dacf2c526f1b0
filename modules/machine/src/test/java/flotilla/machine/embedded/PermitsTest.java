package flotilla.machine.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import flotilla.machine.Init.JobResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Units that may run only for so long; {@link ReaperTest} has the machine stand still meanwhile.
 */
class PermitsTest {
    private static final Duration LONG = Duration.ofHours(1);

    @TempDir Path root;
    private Machine machine;

    @BeforeEach
    void boot() throws IOException {
        machine = new Machine(root);
    }

    @AfterEach
    void down() {
        machine.close();
    }

    @Test
    void a_unit_whose_permit_is_over_is_killed_however_it_clings_and_not_restarted()
            throws Exception {
        machine.service(
                "clings.service",
                "Restart=always; RestartSec=1ms; TimeoutStopSec=1h; ExecStart=/bin/sh -c 'trap \"\" TERM; while :; do sleep 1; done'");
        machine.service("other.service", "ExecStart=/bin/sleep 1000");
        machine.start("clings.service");
        machine.start("other.service");

        machine.init.permit(Set.of("clings.service"), Duration.ofMillis(1));

        await().until(() -> machine.processes().size() == 1);
        await().until(() -> !machine.state("clings.service").active().equals("deactivating"));
        assertThat(machine.state("clings.service").active()).isIn("inactive", "failed");
        assertThat(machine.words("other.service")).isEqualTo("active/running/success");
    }

    @Test
    void nothing_starts_it_until_it_is_permitted_again() throws Exception {
        machine.service("a.service", "ExecStart=/bin/sleep 1000");
        machine.init.permit(Set.of("a.service"), Duration.ZERO);

        assertThat(machine.start("a.service")).isEqualTo(JobResult.CANCELED);
        machine.init.permit(Set.of("a.service"), LONG);
        assertThat(machine.start("a.service")).isEqualTo(JobResult.DONE);
        machine.init.permit(Set.of(), Duration.ZERO);

        assertThat(machine.words("a.service")).isEqualTo("active/running/success");
    }

    @Test
    void a_restart_that_is_waited_for_when_the_permit_ends_does_not_come() throws Exception {
        machine.service("w.service", "Restart=always; RestartSec=1h; ExecStart=/bin/true");
        machine.start("w.service");
        machine.awaitWords("w.service", "activating/auto-restart/success");

        machine.init.permit(Set.of("w.service"), Duration.ZERO);

        machine.awaitWords("w.service", "inactive/dead/success");
    }

    @Test
    void a_killed_unit_loses_all_its_processes() throws Exception {
        machine.service(
                "k.service",
                "ExecStart=/bin/sh -c 'trap \"\" TERM; sleep 1000 & wait; sleep 1000'");
        machine.start("k.service");
        await().until(() -> machine.processes().size() == 2);

        machine.init.kill("k.service");

        machine.awaitWords("k.service", "failed/failed/signal");
        assertThat(machine.processes()).isEmpty();
    }
}
