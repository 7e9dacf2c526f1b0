package flotilla.machine.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.machine.Init.JobResult;
import flotilla.machine.Init.JobVerb;
import flotilla.machine.process.Spawner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the same units did under systemd 252, where this init once did something else. */
class LikeSystemdTest {
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
    void exit_status_is_told_only_of_a_main_process_that_ended() throws Exception {
        machine.service(
                "e.service",
                "ExecStartPre=/bin/false; ExecStart=/bin/true; ExecStopPost=/bin/sh -c 'echo \"[$SERVICE_RESULT|$EXIT_CODE|$EXIT_STATUS]\"'");

        machine.start("e.service");

        machine.awaitLine("e.service", "[exit-code||]");
    }

    @Test
    void a_missing_environment_file_is_a_matter_of_resources_and_nothing_runs() throws Exception {
        machine.service(
                "e.service",
                "Type=oneshot; EnvironmentFile=/no/such; ExecStartPre=/bin/echo pre; ExecStart=/bin/echo main; ExecStopPost=/bin/echo post");

        assertThat(machine.start("e.service")).isEqualTo(JobResult.FAILED);

        assertThat(machine.words("e.service")).isEqualTo("failed/failed/resources");
        assertThat(machine.lines("e.service")).doesNotContain("pre", "main", "post");
    }

    @Test
    void an_environment_file_may_be_a_pattern_and_bad_names_are_passed_over() throws Exception {
        Files.writeString(root.resolve("a.env"), "A=first\nB=b\n");
        Files.writeString(root.resolve("b.env"), "A=second\n1X=no\n");
        machine.service(
                "e.service",
                "Type=oneshot; Environment=NO-NAME=1 C=c; EnvironmentFile=%s/*.env; ExecStart=/bin/sh -c 'env | grep -E \"^(A|B|C|1X|NO-NAME)=\" | sort | tr \"\\n\" \" \"'"
                        .formatted(root));

        machine.start("e.service");

        machine.awaitLine("e.service", "A=second B=b C=c ");
    }

    @Test
    void type_exec_fails_to_start_when_there_is_no_such_program() throws Exception {
        machine.service("x.service", "Type=exec; ExecStart=/no/such/program");
        machine.service("y.service", "Type=exec; ExecStart=/bin/sleep 1000");

        assertThat(machine.start("x.service")).isEqualTo(JobResult.FAILED);
        assertThat(machine.start("y.service")).isEqualTo(JobResult.DONE);
    }

    @Test
    void a_forking_service_that_left_nothing_and_promised_nothing_ended_well() throws Exception {
        machine.service("f.service", "Type=forking; ExecStart=/bin/true");
        machine.service("r.service", "Type=forking; RemainAfterExit=yes; ExecStart=/bin/true");

        assertThat(machine.start("f.service")).isEqualTo(JobResult.DONE);
        assertThat(machine.start("r.service")).isEqualTo(JobResult.DONE);

        machine.awaitWords("f.service", "inactive/dead/success");
        machine.awaitWords("r.service", "active/exited/success");
    }

    @Test
    void of_two_daemons_none_is_the_main_one_and_both_keep_the_service_up() throws Exception {
        machine.service(
                "f.service",
                "Type=forking; ExecStart=/bin/sh -c 'setsid sleep 1000 & setsid sleep 1001 & exit 0'");

        assertThat(machine.start("f.service")).isEqualTo(JobResult.DONE);
        assertThat(machine.words("f.service")).isEqualTo("active/running/success");
        assertThat(machine.state("f.service").mainPid()).isZero();
        machine.processes()
                .forEach(process ->
                        ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroy));

        machine.awaitWords("f.service", "inactive/dead/success");
    }

    @Test
    void a_pid_file_goes_with_the_daemon() throws Exception {
        Path pid = root.resolve("daemon.pid");
        machine.service(
                "f.service",
                "Type=forking; PIDFile=%s; ExecStart=/bin/sh -c 'setsid sleep 1000 & echo $! >%s'"
                        .formatted(pid, pid));

        assertThat(machine.start("f.service")).isEqualTo(JobResult.DONE);
        assertThat(pid).exists();
        machine.stop("f.service");

        assertThat(pid).doesNotExist();
    }

    @Test
    void a_service_that_is_up_without_processes_can_be_reloaded() throws Exception {
        machine.service(
                "r.service",
                "Type=oneshot; RemainAfterExit=yes; ExecStart=/bin/true; ExecReload=/bin/echo again");
        machine.start("r.service");

        assertThat(machine.job(JobVerb.RELOAD, "r.service")).isEqualTo(JobResult.DONE);

        machine.awaitLine("r.service", "again");
        assertThat(machine.words("r.service")).isEqualTo("active/exited/success");
    }

    @Test
    void a_reload_that_fails_fails_its_job_and_not_the_service() throws Exception {
        machine.service("r.service", "ExecStart=/bin/sleep 1000; ExecReload=/bin/false");
        machine.start("r.service");

        assertThat(machine.job(JobVerb.RELOAD, "r.service")).isEqualTo(JobResult.FAILED);

        assertThat(machine.words("r.service")).isEqualTo("active/running/success");
    }

    @Test
    void kill_mode_none_forgets_the_main_process() throws Exception {
        machine.service("k.service", "KillMode=none; ExecStart=/bin/sleep 1000");
        machine.start("k.service");

        machine.stop("k.service");

        assertThat(machine.state("k.service").mainPid()).isZero();
        assertThat(machine.processes()).isNotEmpty();
    }

    @Test
    void only_whom_notify_access_admits_is_heard() throws Exception {
        assumeTrue(Spawner.find("systemd-notify").isPresent(), "systemd-notify sends the messages");
        // Run by root it speaks for its parent, which here is not the main process either.
        String child =
                "ExecStart=/bin/sh -c 'sh -c \"systemd-notify --ready; true\"; exec sleep 1000'";
        machine.service("main.service", "Type=notify; TimeoutStartSec=1h; " + child);
        machine.service("all.service", "Type=notify; NotifyAccess=all; " + child);

        var unheard = machine.init.job(JobVerb.START, "main.service");
        assertThat(machine.start("all.service")).isEqualTo(JobResult.DONE);

        await().until(() ->
                String.join("\n", machine.lines("main.service")).contains("NotifyAccess=main"));
        assertThat(unheard).isNotDone();
    }

    @Test
    void a_silent_service_is_aborted_so_that_it_leaves_a_core() throws Exception {
        machine.service(
                "w.service",
                "WatchdogSec=50ms; ExecStart=/bin/sleep 1000; ExecStopPost=/bin/sh -c 'echo $SERVICE_RESULT $EXIT_STATUS'");
        machine.start("w.service");

        machine.awaitLine("w.service", "watchdog ABRT");
        machine.awaitWords("w.service", "failed/failed/watchdog");
    }

    @Test
    void a_service_can_ask_for_more_time_and_say_that_it_stops() throws Exception {
        assumeTrue(Spawner.find("systemd-notify").isPresent(), "systemd-notify sends the messages");
        Path go = root.resolve("go");
        machine.service(
                "n.service",
                "Type=notify; NotifyAccess=all; TimeoutStartSec=1s; ExecStart=/bin/sh -c 'systemd-notify EXTEND_TIMEOUT_USEC=3600000000; sleep 1.5; systemd-notify --ready; while ! [ -e %s ]; do sleep 0.02; done; systemd-notify STOPPING=1; exec sleep 1000'"
                        .formatted(go));

        assertThat(machine.start("n.service")).isEqualTo(JobResult.DONE);
        Files.createFile(go);

        machine.awaitWords("n.service", "deactivating/stop-sigterm/success");
        ProcessHandle.of(machine.state("n.service").mainPid()).orElseThrow().destroy();
        machine.awaitWords("n.service", "inactive/dead/success");
    }

    @Test
    void who_is_bound_to_a_skipped_unit_and_comes_after_it_does_not_start() throws Exception {
        machine.unit(
                "skip.service",
                "[Unit]\nConditionPathExists=/no/such\n[Service]\nExecStart=/bin/sleep 1000\n");
        machine.unit(
                "bound.service",
                "[Unit]\nBindsTo=skip.service\nAfter=skip.service\n[Service]\nExecStart=/bin/sleep 1000\n");

        assertThat(machine.start("bound.service")).isEqualTo(JobResult.DEPENDENCY);
    }

    @Test
    void who_is_bound_to_a_unit_goes_down_with_it_though_that_is_restarted() throws Exception {
        machine.service("r.service", "Restart=always; RestartSec=10ms; ExecStart=/bin/sleep 1000");
        machine.unit(
                "bound.service",
                "[Unit]\nBindsTo=r.service\nAfter=r.service\n[Service]\nExecStart=/bin/sleep 1000\n");
        machine.start("bound.service");

        ProcessHandle.of(machine.state("r.service").mainPid()).orElseThrow().destroyForcibly();

        machine.awaitWords("bound.service", "inactive/dead/success");
        machine.awaitWords("r.service", "active/running/success");
    }

    @Test
    void a_restart_of_a_requisite_restarts_who_needs_it() throws Exception {
        machine.service("r.service", "Type=oneshot; RemainAfterExit=yes; ExecStart=/bin/true");
        machine.unit(
                "n.service", "[Unit]\nRequisite=r.service\n[Service]\nExecStart=/bin/sleep 1000\n");
        machine.start("r.service");
        machine.start("n.service");
        long first = machine.state("n.service").mainPid();

        machine.job(JobVerb.RESTART, "r.service");

        await().until(() -> machine.state("n.service").mainPid(), pid -> pid != first && pid != 0);
        machine.awaitWords("n.service", "active/running/success");
    }

    @Test
    void a_conflict_counts_from_either_side() throws Exception {
        machine.unit(
                "one.service",
                "[Unit]\nConflicts=two.service\n[Service]\nExecStart=/bin/sleep 1000\n");
        machine.service("two.service", "ExecStart=/bin/sleep 1000");
        machine.start("one.service");

        machine.start("two.service");

        machine.awaitWords("one.service", "inactive/dead/success");
        assertThat(machine.state("two.service").isActive()).isTrue();
    }

    @Test
    void units_that_cannot_mean_what_they_say_are_refused() throws Exception {
        machine.service("again.service", "Type=oneshot; Restart=always; ExecStart=/bin/true");
        machine.service("relative.service", "ExecStart=bin/true");
        machine.service("open.service", "ExecStart=/bin/sh -c 'echo");
        machine.service("stops.service", "ExecStop=/bin/true");

        for (String name : new String[] {"again", "relative", "open", "stops"}) {
            assertThat(machine.start(name + ".service")).isEqualTo(JobResult.NOT_LOADED);
            assertThat(machine.state(name + ".service").load()).isEqualTo("bad-setting");
        }
    }

    @Test
    void another_user_has_its_own_group_and_names() throws Exception {
        assumeTrue(
                Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
                "only root can become another user");
        assumeTrue(Account.of("daemon").isPresent(), "there is a user daemon");
        machine.service(
                "u.service",
                "Type=oneshot; User=daemon; ExecStart=/bin/sh -c 'echo $$(id -un) $$(id -gn) $USER $LOGNAME'");

        machine.start("u.service");

        machine.awaitLine("u.service", "daemon daemon daemon daemon");
    }

    @Test
    void starting_an_active_target_starts_what_it_wants_since_the_last_reload() throws Exception {
        machine.unit("t.target", "[Unit]\n");
        machine.service("new.service", "ExecStart=/bin/sleep 1000");
        machine.start("t.target");

        machine.unit("t.target", "[Unit]\nWants=new.service\n");
        assertThat(machine.start("t.target")).isEqualTo(JobResult.DONE);

        machine.awaitWords("new.service", "active/running/success");
    }
}
