package flotilla.machine.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.machine.Init.JobResult;
import flotilla.machine.process.Spawner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceTypesTest {
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
    void a_simple_service_is_up_at_once_and_stops_by_sigterm() throws Exception {
        machine.service("a.service", "ExecStart=/bin/sleep 1000");

        assertThat(machine.start("a.service")).isEqualTo(JobResult.DONE);
        assertThat(machine.words("a.service")).isEqualTo("active/running/success");
        assertThat(machine.state("a.service").mainPid()).isPositive();
        assertThat(machine.stop("a.service")).isEqualTo(JobResult.DONE);
        assertThat(machine.words("a.service")).isEqualTo("inactive/dead/success");
    }

    @Test
    void a_oneshot_runs_its_commands_in_order_and_may_remain() throws Exception {
        machine.service(
                "o.service",
                "Type=oneshot; RemainAfterExit=yes; ExecStartPre=/bin/echo before;"
                        + " ExecStart=/bin/echo one; ExecStart=-/bin/false;"
                        + " ExecStart=/bin/echo two; ExecStartPost=/bin/echo after;"
                        + " ExecStop=/bin/echo bye");

        assertThat(machine.start("o.service")).isEqualTo(JobResult.DONE);
        assertThat(machine.words("o.service")).isEqualTo("active/exited/success");
        machine.stop("o.service");
        machine.awaitLine("o.service", "bye");

        assertThat(machine.lines("o.service"))
                .containsSubsequence("before", "one", "two", "after", "bye");
    }

    @Test
    void a_failing_start_fails_its_job_and_still_runs_stop_post() throws Exception {
        machine.service(
                "f.service",
                "Type=oneshot; ExecStart=/bin/sh -c 'exit 3'; ExecStop=/bin/echo no;"
                        + " ExecStopPost=/bin/sh -c 'echo $SERVICE_RESULT $EXIT_STATUS'");

        assertThat(machine.start("f.service")).isEqualTo(JobResult.FAILED);
        assertThat(machine.words("f.service")).isEqualTo("failed/failed/exit-code");
        machine.awaitLine("f.service", "exit-code 3");
        assertThat(machine.lines("f.service")).doesNotContain("no");

        machine.init.resetFailed("f.service");
        assertThat(machine.words("f.service")).isEqualTo("inactive/dead/success");
    }

    @Test
    void a_forking_service_is_followed_by_its_pid_file() throws Exception {
        Path pid = root.resolve("daemon.pid");
        Path go = root.resolve("go");
        Path script = root.resolve("daemon.sh");
        Files.writeString(
                script,
                "setsid sh -c 'echo $$ >%s; while ! [ -e %s ]; do sleep 0.02; done; exit 7' &\n"
                        .formatted(pid, go));
        machine.service(
                "d.service",
                "Type=forking; PIDFile=%s; ExecStart=/bin/sh %s".formatted(pid, script));

        assertThat(machine.start("d.service")).isEqualTo(JobResult.DONE);
        assertThat(machine.state("d.service").mainPid())
                .isEqualTo(Long.parseLong(Files.readString(pid).strip()));
        Files.createFile(go);
        machine.awaitWords("d.service", "failed/failed/exit-code");
    }

    @Test
    void an_old_pid_file_that_names_another_units_process_is_not_believed() throws Exception {
        machine.service("other.service", "ExecStart=/bin/sleep 1000");
        machine.start("other.service");
        long other = machine.state("other.service").mainPid();
        Path pid = Files.writeString(root.resolve("daemon.pid"), other + "\n");
        Path script =
                Files.writeString(
                        root.resolve("fork.sh"),
                        "(sleep 0.3; exec sh -c 'echo $$ >%s; exec sleep 1000') &\n"
                                .formatted(pid));
        machine.service(
                "f.service",
                "Type=forking; PIDFile=%s; ExecStart=/bin/sh %s".formatted(pid, script));

        assertThat(machine.start("f.service")).isEqualTo(JobResult.DONE);

        assertThat(machine.state("f.service").mainPid())
                .isNotEqualTo(other)
                .isEqualTo(Long.parseLong(Files.readString(pid).strip()));
        machine.stop("f.service");
        assertThat(machine.words("other.service")).isEqualTo("active/running/success");
    }

    @Test
    void a_forking_service_without_a_pid_file_is_guessed() throws Exception {
        machine.service(
                "g.service", "Type=forking; ExecStart=/bin/sh -c 'setsid sleep 1000 & sleep 0'");

        assertThat(machine.start("g.service")).isEqualTo(JobResult.DONE);
        assertThat(machine.state("g.service").mainPid()).isPositive();
        assertThat(machine.lines("g.service"))
                .filteredOn("Started g.service - g.service."::equals)
                .hasSize(1);
        machine.stop("g.service");
        assertThat(machine.words("g.service")).isEqualTo("inactive/dead/success");
    }

    @Test
    void a_notify_service_is_up_when_it_says_so_on_a_real_datagram_socket() throws Exception {
        assumeTrue(Spawner.find("python3").isPresent(), "python3 sends the datagram");
        Path go = root.resolve("go");
        Path script = root.resolve("notify.py");
        Files.writeString(
                script,
                """
                import os, socket, sys, time
                while not os.path.exists(sys.argv[1]):
                    time.sleep(0.01)
                s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                s.connect(os.environ["NOTIFY_SOCKET"].replace("@", "\\0", 1))
                s.send(b"READY=1\\nSTATUS=serving")
                time.sleep(1000)
                """);
        machine.service("n.service", "Type=notify; ExecStart=python3 " + script + " " + go);

        var started = machine.init.job(flotilla.machine.Init.JobVerb.START, "n.service");
        machine.awaitWords("n.service", "activating/start/success");
        Files.createFile(go);

        assertThat(started.get(20, java.util.concurrent.TimeUnit.SECONDS))
                .isEqualTo(JobResult.DONE);
        assertThat(machine.init.status("n.service")).contains("Status: \"serving\"");
    }

    @Test
    void a_notify_service_that_ends_unready_broke_its_promise() throws Exception {
        machine.service("n.service", "Type=notify; ExecStart=/bin/true");

        assertThat(machine.start("n.service")).isEqualTo(JobResult.FAILED);
        assertThat(machine.words("n.service")).isEqualTo("failed/failed/protocol");
    }

    @Test
    void a_program_that_is_not_there_is_203_exec() throws Exception {
        machine.service("x.service", "ExecStart=/no/such/program");

        machine.start("x.service");
        machine.awaitWords("x.service", "failed/failed/exit-code");

        assertThat(String.join("\n", machine.lines("x.service")))
                .contains("/no/such/program: no such executable file", "203/EXEC");
    }

    @Test
    void variables_specifiers_and_quotes_reach_the_program() throws Exception {
        Files.writeString(root.resolve("env"), "# remark\nB='b c'\nC=c # not a remark\n");
        machine.service(
                "v@7.service",
                "Type=oneshot; Environment=\"X=x y\" Z=%%i; EnvironmentFile=%s; EnvironmentFile=-/none; UMask=0027; WorkingDirectory=%s; ExecStart=/bin/sh -c 'echo \"$0|$1|$2|$3|$4|$5\"; umask; pwd; echo $A' 'a b' ${X} $X %%p-%%i $$$$ ; ExecStart=@/bin/sh called -c 'echo $0'"
                        .formatted(root.resolve("env"), root)
                        .replace("%%", "%"));

        assertThat(machine.start("v@7.service")).isEqualTo(JobResult.DONE);
        machine.awaitLine("v@7.service", "called");

        assertThat(machine.lines("v@7.service"))
                .contains("a b|x y|x|y|v-7|$$", "0027", root.toString(), "1");
    }
}
