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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Units that do what no unit should: the machine goes on, and says what it can of them. */
@Timeout(180)
class HostileUnitsTest {
    private final Machine machine;
    private final Path units;

    HostileUnitsTest(@TempDir Path root) throws IOException {
        machine = new Machine(root);
        units = root.resolve("run/systemd/system");
    }

    @BeforeEach
    void another_unit() throws IOException {
        machine.service("well.service", "Type=oneshot; ExecStart=/bin/true");
    }

    @AfterEach
    void that_starts_whatever_became_of_the_first() throws Exception {
        try (machine) {
            assertThat(machine.start("well.service")).isEqualTo(JobResult.DONE);
        }
    }

    @Test
    void bytes_that_are_no_text_come_back_as_one_line_each() throws Exception {
        machine.service(
                "a.service",
                "Type=oneshot; ExecStart=/bin/sh -c 'head -c 3000 /dev/urandom; echo; printf \"a\\\\033[2Jb\\\\000c\\\\rd\\\\n\"; echo end'");

        assertThat(machine.start("a.service")).isEqualTo(JobResult.DONE);

        machine.awaitLine("a.service", "end");
        assertThat(machine.init.status("a.service")).contains(": a?[2Jb?c?d\n");
    }

    @Test
    void a_line_without_end_is_cut_and_none_of_it_is_held() throws Exception {
        machine.service(
                "a.service",
                "Type=oneshot; ExecStart=/bin/sh -c 'head -c 100000000 /dev/zero | tr \"\\\\\\\\0\" x; echo; echo end'");

        assertThat(machine.init.job(JobVerb.START, "a.service").get(100, TimeUnit.SECONDS))
                .isEqualTo(JobResult.DONE);
        assertThat(machine.lines("a.service"))
                .allMatch(line -> line.length() <= LineReader.LINE_BYTES_MAX);
    }

    @Test
    void a_program_that_closes_its_output_runs_on_and_its_end_is_noticed() throws Exception {
        machine.service("a.service", "ExecStart=/bin/sh -c 'exec >&- 2>&-; sleep 0.2; exit 3'");

        assertThat(machine.start("a.service")).isEqualTo(JobResult.DONE);

        machine.awaitWords("a.service", "failed/failed/exit-code");
    }

    @Test
    void what_a_child_writes_after_its_parent_has_ended_is_logged() throws Exception {
        machine.service(
                "a.service",
                "Type=oneshot; RemainAfterExit=yes; ExecStart=/bin/sh -c '(setsid sh -c \"sleep 0.3; echo late\" &)'");

        assertThat(machine.start("a.service")).isEqualTo(JobResult.DONE);

        machine.awaitLine("a.service", "late");
    }

    @Test
    void a_name_with_escapes_is_a_name() throws Exception {
        for (String name :
                List.of(
                        "a\\x2db\\x20c.service",
                        "x@..service",
                        "x@\\x2e\\x2e-etc.service",
                        "-.service",
                        "a@b@c.service")) {
            machine.service(name, "Type=oneshot; RemainAfterExit=yes; ExecStart=/bin/echo %n %I");

            assertThat(machine.start(name)).as(name).isEqualTo(JobResult.DONE);
            assertThat(machine.init.status(name)).as(name).contains(name);
            await().until(() -> machine.lines(name).stream().anyMatch(l -> l.startsWith(name)));
            assertThat(machine.stop(name)).as(name).isEqualTo(JobResult.DONE);
        }
    }

    @Test
    void five_hundred_instances_of_a_template_run_at_once() throws Exception {
        machine.service("web@.service", "ExecStart=/bin/sh -c 'echo here is %i; exec sleep 1000'");
        List<CompletableFuture<JobResult>> starts = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            starts.add(machine.init.job(JobVerb.START, "web@" + i + ".service"));
        }
        for (CompletableFuture<JobResult> start : starts) {
            assertThat(start.get(60, TimeUnit.SECONDS)).isEqualTo(JobResult.DONE);
        }
        machine.awaitLine("web@499.service", "here is 499");
        assertThat(machine.processes()).hasSizeGreaterThanOrEqualTo(500);
    }

    @Test
    void links_and_directories_that_lead_in_circles_or_to_no_file_are_their_units_trouble()
            throws Exception {
        Files.createSymbolicLink(units.resolve("up.target.wants"), units);
        Files.createSymbolicLink(units.resolve("self.service.d"), units.resolve("self.service.d"));
        Files.writeString(units.resolve("self.service"), "[Service]\nExecStart=/bin/true\n");
        Path dropIns = Files.createDirectories(units.resolve("odd.service.d"));
        Files.writeString(units.resolve("odd.service"), "[Service]\nExecStart=/bin/true\n");
        Files.createDirectory(dropIns.resolve("a.conf"));
        Path other = Files.createDirectories(units.resolve("link.service.d"));
        Files.writeString(units.resolve("link.service"), "[Service]\nExecStart=/bin/true\n");
        Files.createSymbolicLink(other.resolve("a.conf"), other.resolve("b.conf"));
        Files.createSymbolicLink(other.resolve("b.conf"), other.resolve("a.conf"));
        Files.createSymbolicLink(units.resolve("dangling.service"), Path.of("/none/x"));

        machine.reload();

        assertThat(machine.start("self.service")).isEqualTo(JobResult.DONE);
        for (String name : List.of("odd.service", "link.service", "dangling.service")) {
            assertThat(machine.state(name).load()).as(name).isEqualTo("error");
            assertThat(machine.start(name)).as(name).isEqualTo(JobResult.NOT_LOADED);
        }
    }

    @Test
    void messages_that_are_too_long_or_give_orders_to_a_terminal_are_not_heard_as_such()
            throws Exception {
        notifier(
                """
                s.send(b"STATUS=" + b"x" * 20000 + b"\\nREADY=1")
                s.send(b"STATUS=\\x1b[2Jall \\xff well\\0\\nREADY=1")
                """);
        machine.service("n.service", "Type=notify; ExecStart=python3 " + units + "/notify.py");

        assertThat(machine.start("n.service")).isEqualTo(JobResult.DONE);

        assertThat(machine.init.status("n.service")).contains("Status: \"?[2Jall \uFFFD well?\"");
        assertThat(machine.lines("n.service"))
                .contains(
                        "n.service: Received notify message exceeded maximum size (16,384 bytes)."
                                + " Ignoring.");
    }

    @Test
    void a_flood_of_messages_from_strangers_fills_no_journal() throws Exception {
        notifier(
                """
                if os.fork() == 0:
                    for i in range(2000):
                        s.send(b"READY=1")
                    os._exit(0)
                os.wait()
                s.send(b"READY=1")
                """);
        machine.service("n.service", "Type=notify; ExecStart=python3 " + units + "/notify.py");

        assertThat(machine.start("n.service")).isEqualTo(JobResult.DONE);

        assertThat(machine.lines("n.service").stream().filter(l -> l.contains("NotifyAccess=main")))
                .hasSize(10);
    }

    @Test
    void a_unit_of_two_thousand_processes_is_stopped_like_any_other() throws Exception {
        machine.service(
                "bomb.service",
                "ExecStart=/bin/sh -c 'i=0; while [ $i -lt 2000 ]; do sleep 1000 & i=$((i+1)); done; echo full; wait'");
        machine.start("bomb.service");
        machine.awaitLine("bomb.service", "full");

        assertThat(machine.init.status("bomb.service")).containsPattern("and 19\\d\\d more");
        assertThat(machine.init.job(JobVerb.STOP, "bomb.service").get(100, TimeUnit.SECONDS))
                .isEqualTo(JobResult.DONE);
        assertThat(machine.processes()).isEmpty();
    }

    @Test
    void a_unit_that_ends_at_once_again_and_again_meets_the_start_limit() throws Exception {
        machine.service("a.service", "Restart=always; RestartSec=0; ExecStart=/bin/true");

        machine.start("a.service");

        machine.awaitWords("a.service", "failed/failed/start-limit-hit");
        assertThat(machine.lines("a.service").stream().filter(l -> l.startsWith("Started")))
                .hasSize(5);
    }

    private void notifier(String sends) throws IOException {
        assumeTrue(Spawner.find("python3").isPresent(), "python3 sends the datagrams");
        Files.writeString(
                units.resolve("notify.py"),
                """
                import os, socket, time
                s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                s.connect(os.environ["NOTIFY_SOCKET"].replace("@", "\\0", 1))
                """
                        + sends
                        + "time.sleep(1000)\n");
    }
}
