package flotilla.machine.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import flotilla.machine.Init.JobResult;
import flotilla.machine.Init.JobVerb;
import flotilla.machine.UnitState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisionTest {
    /** Leaves a grandchild in a session of its own, as daemons do. */
    private static final String DAEMONISES =
            "ExecStart=/bin/sh -c 'setsid sh -c \"sleep 1001 & sleep 1002\" & exec sleep 1003'";

    @TempDir Path root;
    private Machine machine;

    @BeforeEach
    void boot() throws IOException {
        machine = new Machine(root);
    }

    @AfterEach
    void nothing_outlives_the_machine() {
        machine.close();
        assertThat(machine.processes()).isEmpty();
    }

    @Test
    void a_crashed_service_is_restarted() throws Exception {
        machine.service(
                "r.service", "Restart=on-failure; RestartSec=10ms; ExecStart=/bin/sleep 1000");
        machine.start("r.service");
        long first = machine.state("r.service").mainPid();

        ProcessHandle.of(first).orElseThrow().destroyForcibly();

        await().until(() -> machine.state("r.service").mainPid(), pid -> pid != first && pid != 0);
        machine.awaitWords("r.service", "active/running/success");
        assertThat(machine.lines("r.service"))
                .contains("r.service: Main process exited, code=killed, signal=KILL");
    }

    @Test
    void a_service_that_keeps_failing_hits_the_start_limit() throws Exception {
        machine.unit(
                "l.service",
                "[Unit]\nStartLimitBurst=3\n[Service]\nRestart=always\nRestartSec=1ms\nExecStart=/bin/false\n");

        machine.start("l.service");
        machine.awaitWords("l.service", "failed/failed/exit-code");

        assertThat(machine.start("l.service")).isEqualTo(JobResult.FAILED);
        machine.init.resetFailed("l.service");
        assertThat(machine.words("l.service")).isEqualTo("inactive/dead/success");
    }

    @Test
    void a_stop_ends_a_restart_that_waits() throws Exception {
        machine.service("w.service", "Restart=always; RestartSec=1h; ExecStart=/bin/true");
        machine.start("w.service");
        machine.awaitWords("w.service", "activating/auto-restart/success");

        assertThat(machine.stop("w.service")).isEqualTo(JobResult.DONE);
        assertThat(machine.words("w.service")).isEqualTo("inactive/dead/success");
    }

    @Test
    void a_service_deaf_to_sigterm_is_killed_when_its_time_is_over() throws Exception {
        machine.service(
                "t.service",
                "TimeoutStopSec=100ms; ExecStart=/bin/sh -c 'trap \"\" TERM; echo deaf; while :; do sleep 0.1; done'");
        machine.start("t.service");
        machine.awaitLine("t.service", "deaf");

        assertThat(machine.stop("t.service")).isEqualTo(JobResult.DONE);
        assertThat(machine.words("t.service")).isEqualTo("failed/failed/timeout");
    }

    @Test
    void a_start_that_takes_too_long_is_a_timeout() throws Exception {
        machine.service(
                "s.service", "Type=oneshot; TimeoutStartSec=50ms; ExecStart=/bin/sleep 1000");

        assertThat(machine.start("s.service")).isEqualTo(JobResult.TIMEOUT);
        assertThat(machine.words("s.service")).isEqualTo("failed/failed/timeout");
    }

    @Test
    void control_group_kills_daemonised_grandchildren_too() throws Exception {
        machine.service("k.service", DAEMONISES);
        machine.start("k.service");
        await().until(() -> machine.processes().size() >= 3);

        machine.stop("k.service");

        assertThat(machine.processes()).isEmpty();
    }

    @Test
    void process_kills_the_main_process_only() throws Exception {
        machine.service("p.service", "KillMode=process; " + DAEMONISES);
        machine.start("p.service");
        await().until(() -> machine.processes().size() >= 3);

        machine.stop("p.service");

        assertThat(machine.words("p.service")).isEqualTo("inactive/dead/success");
        assertThat(machine.processes()).isNotEmpty();
    }

    @Test
    void mixed_sends_sigterm_to_the_main_process_and_sigkill_to_the_rest() throws Exception {
        machine.service("m.service", "KillMode=mixed; TimeoutStopSec=1h; " + DAEMONISES);
        machine.start("m.service");
        await().until(() -> machine.processes().size() >= 3);

        machine.stop("m.service");

        assertThat(machine.processes()).isEmpty();
        assertThat(machine.words("m.service")).isEqualTo("inactive/dead/success");
    }

    @Test
    void units_start_in_order_and_stop_in_reverse() throws Exception {
        machine.unit("b.service", oneshot("a.service", "b"));
        machine.unit("c.service", oneshot("b.service", "c"));
        machine.unit("a.service", oneshot("", "a"));
        List<String> order = new CopyOnWriteArrayList<>();
        machine.init.eachState(state -> {
            if (state.isActive() || state.active().equals("inactive")) {
                order.add(state.active().charAt(0) + state.name().substring(0, 1));
            }
        });

        assertThat(machine.start("c.service")).isEqualTo(JobResult.DONE);
        machine.stop("a.service");
        machine.awaitWords("a.service", "inactive/dead/success");

        assertThat(order).containsSubsequence("aa", "ab", "ac", "ic", "ib", "ia");
    }

    private static String oneshot(String needs, String word) {
        return "[Unit]\nRequires=%s\nAfter=%s\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/echo %s\n"
                .formatted(needs, needs, word);
    }

    @Test
    void a_unit_whose_requirement_fails_is_not_started() throws Exception {
        machine.service("bad.service", "Type=oneshot; ExecStart=/bin/false");
        machine.unit("good.service", oneshot("bad.service", "x"));

        assertThat(machine.start("good.service")).isEqualTo(JobResult.DEPENDENCY);
        assertThat(machine.words("good.service")).isEqualTo("inactive/dead/success");
    }

    @Test
    void what_is_bound_to_a_unit_goes_down_with_it_and_failures_trigger_others() throws Exception {
        machine.unit(
                "main.service",
                "[Unit]\nOnFailure=alarm.service\n[Service]\nExecStart=/bin/sleep 1000\n");
        machine.unit(
                "side.service",
                "[Unit]\nBindsTo=main.service\nAfter=main.service\n[Service]\nExecStart=/bin/sleep 1000\n");
        machine.service("alarm.service", "Type=oneshot; RemainAfterExit=yes; ExecStart=/bin/true");
        machine.start("side.service");

        ProcessHandle.of(machine.state("main.service").mainPid()).orElseThrow().destroyForcibly();

        machine.awaitWords("main.service", "failed/failed/signal");
        machine.awaitWords("side.service", "inactive/dead/success");
        machine.awaitWords("alarm.service", "active/exited/success");
    }

    @Test
    void conflicting_units_push_each_other_out() throws Exception {
        machine.unit(
                "one.service",
                "[Unit]\nConflicts=two.service\n[Service]\nExecStart=/bin/sleep 1000\n");
        machine.service("two.service", "ExecStart=/bin/sleep 1000");
        machine.start("two.service");

        machine.start("one.service");

        machine.awaitWords("two.service", "inactive/dead/success");
        assertThat(machine.state("one.service").isActive()).isTrue();
    }

    @Test
    void a_changed_file_takes_effect_after_reload_and_restart() throws Exception {
        machine.service("c.service", "ExecStart=/bin/sleep 1001");
        machine.start("c.service");
        long first = machine.state("c.service").mainPid();

        machine.service("c.service", "ExecStart=/bin/sleep 1002");
        assertThat(machine.state("c.service").mainPid()).isEqualTo(first);
        machine.unit(
                "c.service.d/10-more.conf", "[Service]\nExecStart=\nExecStart=/bin/sleep 1003\n");
        assertThat(machine.job(JobVerb.RESTART, "c.service")).isEqualTo(JobResult.DONE);

        long second = machine.state("c.service").mainPid();
        assertThat(second).isNotEqualTo(first);
        await().until(
                        () -> Files.readString(Path.of("/proc/" + second + "/cmdline")),
                        line -> line.equals("/bin/sleep\u00001003\u0000"));
    }

    @Test
    void reload_runs_exec_reload_with_the_main_pid() throws Exception {
        machine.service(
                "h.service",
                "ExecStart=/bin/sh -c 'trap \"echo got it\" HUP; echo ready; while :; do sleep 0.05; done'; ExecReload=/bin/kill -HUP $MAINPID");
        machine.start("h.service");
        machine.awaitLine("h.service", "ready");

        assertThat(machine.job(JobVerb.RELOAD_OR_RESTART, "h.service")).isEqualTo(JobResult.DONE);

        machine.awaitLine("h.service", "got it");
        assertThat(machine.words("h.service")).isEqualTo("active/running/success");
        assertThat(machine.job(JobVerb.TRY_RESTART, "none.service")).isEqualTo(JobResult.DONE);
    }

    @Test
    void unknown_and_unsupported_units_are_told_apart() throws Exception {
        machine.unit("t.timer", "[Timer]\nOnCalendar=daily\n");
        machine.service("empty.service", "User=nobody");

        assertThat(machine.state("none.service")).isEqualTo(UnitState.notFound("none.service"));
        assertThat(machine.start("none.service")).isEqualTo(JobResult.NOT_LOADED);
        assertThat(machine.start("t.timer")).isEqualTo(JobResult.NOT_LOADED);
        assertThat(machine.state("empty.service").load()).isEqualTo("bad-setting");
        assertThat(machine.init.job(JobVerb.STOP, "none.service").get(9, TimeUnit.SECONDS))
                .isEqualTo(JobResult.NOT_LOADED);
    }
}
