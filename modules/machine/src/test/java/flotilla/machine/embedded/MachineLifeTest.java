package flotilla.machine.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import flotilla.machine.Init.JobResult;
import flotilla.machine.Init.UnitDirectory;
import flotilla.machine.Journal.From;
import flotilla.machine.JournalLine;
import flotilla.machine.process.Leftovers;
import flotilla.machine.process.ProcessTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineLifeTest {
    @TempDir Path root;

    @Test
    void an_enabled_unit_starts_with_its_target_and_a_masked_one_does_not() throws Exception {
        try (Machine machine = new Machine(root)) {
            String text =
                    "[Service]\nExecStart=/bin/sleep 1000\n[Install]\nWantedBy=multi-user.target\n";
            for (String name : List.of("on.service", "off.service", "masked.service")) {
                machine.init.write(UnitDirectory.PERSISTENT, name, text);
            }
            machine.init.enable("on.service", UnitDirectory.PERSISTENT);
            machine.init.enable("masked.service", UnitDirectory.PERSISTENT);
            machine.init.mask("masked.service", UnitDirectory.PERSISTENT);

            assertThat(machine.start("multi-user.target")).isEqualTo(JobResult.DONE);

            assertThat(machine.words("on.service")).isEqualTo("active/running/success");
            assertThat(machine.words("off.service")).isEqualTo("inactive/dead/success");
            assertThat(machine.state("masked.service").load()).isEqualTo("masked");
            assertThat(machine.start("masked.service")).isEqualTo(JobResult.NOT_LOADED);
            assertThat(machine.init.status("on.service"))
                    .contains("; enabled)", "active (running)");
        }
    }

    @Test
    void a_unit_that_is_removed_leaves_no_link() throws Exception {
        try (Machine machine = new Machine(root)) {
            String text = "[Service]\nExecStart=/bin/sleep 1000\n[Install]\nWantedBy=%s\n";
            machine.init.write(UnitDirectory.RUNTIME, "a.service", text.formatted("b.service"));
            machine.init.enable("a.service", UnitDirectory.RUNTIME);

            machine.init.remove(UnitDirectory.RUNTIME, "a.service");
            machine.unit("a.service", text.formatted("c.service"));
            machine.unit("b.service", text.formatted("c.service"));

            machine.start("b.service");
            assertThat(machine.words("a.service")).isEqualTo("inactive/dead/success");
        }
    }

    @Test
    void a_target_stays_up_when_its_failure_is_reset() throws Exception {
        try (Machine machine = new Machine(root)) {
            machine.start("multi-user.target");

            machine.init.resetFailed("multi-user.target");

            assertThat(machine.words("multi-user.target")).isEqualTo("active/active/success");
        }
    }

    @Test
    void a_machine_that_goes_down_stops_a_unit_before_those_that_it_comes_after() throws Exception {
        Path order = root.resolve("order");
        try (Machine machine = new Machine(root)) {
            machine.unit(
                    "a.service",
                    "[Service]\nExecStart=/bin/sleep 1000\nExecStop=/bin/sh -c 'echo a >> %s'\n"
                            .formatted(order));
            machine.unit(
                    "b.service",
                    "[Unit]\nAfter=a.service\n[Service]\nExecStart=/bin/sleep 1000\nExecStop=/bin/sh -c 'sleep 0.3; echo b >> %s'\n"
                            .formatted(order));
            machine.start("a.service");
            machine.start("b.service");
        }

        assertThat(Files.readAllLines(order)).containsExactly("b", "a");
    }

    @Test
    void templates_give_instances_and_conditions_skip() throws Exception {
        try (Machine machine = new Machine(root)) {
            machine.unit(
                    "api@.service",
                    "[Unit]\nDescription=API %i\nConditionPathExists=!/no/such\n[Service]\nExecStart=/bin/sleep 1000\n");
            machine.unit(
                    "skip.service",
                    "[Unit]\nConditionPathExists=/no/such\n[Service]\nExecStart=/bin/sleep 1000\n");

            assertThat(machine.start("api@3.service")).isEqualTo(JobResult.DONE);
            assertThat(machine.start("skip.service")).isEqualTo(JobResult.DONE);

            assertThat(machine.init.status("api@3.service")).contains("api@3.service - API 3");
            assertThat(machine.words("skip.service")).isEqualTo("inactive/dead/success");
        }
    }

    @Test
    void directives_that_are_not_honoured_are_said() throws Exception {
        try (Machine machine = new Machine(root)) {
            machine.service("m.service", "ExecStart=/bin/sleep 1000; MemoryMax=1G; Colour=red");
            machine.start("m.service");

            assertThat(machine.lines("m.service"))
                    .contains(
                            "not honoured by the embedded init: MemoryMax= (line 3)",
                            "unknown directive: Colour= (line 4)");
            assertThat(machine.init.status("m.service")).contains("MemoryMax= (line 3)");
        }
    }

    @Test
    void journals_survive_the_machine_and_can_be_followed() throws Exception {
        List<String> followed = new CopyOnWriteArrayList<>();
        try (Machine machine = new Machine(root)) {
            machine.service("j.service", "Type=oneshot; ExecStart=/bin/echo 'back\\\\slash'");
            var following =
                    machine.init
                            .journal()
                            .follow(
                                    "j.service",
                                    new From.Last(10),
                                    line -> followed.add(line.message()));
            machine.start("j.service");
            await().until(() -> followed.contains("back\\slash"));
            following.close();
        }
        try (Machine again = new Machine(root)) {
            List<JournalLine> lines = again.init.journal().last("j.service", 100);
            assertThat(lines).extracting(JournalLine::message).contains("back\\slash");
            assertThat(lines).extracting(JournalLine::identifier).contains("echo", "init");
        }
    }

    @Test
    void a_new_boot_id_empties_run_and_keeps_etc() throws Exception {
        try (Machine machine = new Machine(root, Map.of(), "m", "boot-1")) {
            machine.init.write(
                    UnitDirectory.RUNTIME, "r.service", "[Service]\nExecStart=/bin/true\n");
            machine.init.write(
                    UnitDirectory.PERSISTENT, "p.service", "[Service]\nExecStart=/bin/true\n");
        }
        try (Machine same = new Machine(root, Map.of(), "m", "boot-1")) {
            assertThat(same.state("r.service").load()).isEqualTo("loaded");
        }
        try (Machine next = new Machine(root, Map.of(), "m", "boot-2")) {
            assertThat(next.state("r.service").load()).isEqualTo("not-found");
            assertThat(next.state("p.service").load()).isEqualTo("loaded");
        }
    }

    @Test
    void what_a_crashed_machine_left_is_killed_when_it_opens_again() throws Exception {
        ProcessBuilder orphan =
                new ProcessBuilder("sh", "-c", "setsid sleep 1000 & exec sleep 1001");
        orphan.environment().put(ProcessTable.MACHINE_MARK, "crashed-1");
        Process process = orphan.start();
        await().until(() -> ProcessTable.scan().ofMachine("crashed-1").size() >= 2);

        try (Machine machine = new Machine(root, Map.of(), "crashed-1", "boot-1")) {
            assertThat(machine.processes()).isEmpty();
        }

        assertThat(process.waitFor()).isEqualTo(137);
        assertThat(Leftovers.kill("crashed-1")).isZero();
    }

    @Test
    void a_builtin_program_runs_in_this_process_and_is_ready_when_start_returns() throws Exception {
        CompletableFuture<Integer> exited = new CompletableFuture<>();
        BuiltinProgram program =
                context -> {
                    context.log()
                            .accept(
                                    "hello "
                                            + context.arguments()
                                            + context.environment().get("X"));
                    return running(exited);
                };
        try (Machine machine = new Machine(root, Map.of("/usr/bin/etcd", program))) {
            machine.service(
                    "etcd.service",
                    "Restart=no; Environment=X=1; ExecStart=/usr/bin/etcd --name ${X}; ExecStartPost=/bin/echo up");

            assertThat(machine.start("etcd.service")).isEqualTo(JobResult.DONE);
            machine.awaitLine("etcd.service", "up");
            assertThat(machine.lines("etcd.service")).contains("hello [--name, 1]1");
            assertThat(machine.state("etcd.service").mainPid())
                    .isEqualTo(ProcessHandle.current().pid());

            machine.stop("etcd.service");
            assertThat(machine.words("etcd.service")).isEqualTo("inactive/dead/success");
        }
    }

    @Test
    void a_builtin_that_cannot_start_fails_its_unit() throws Exception {
        BuiltinProgram program =
                _ -> {
                    throw new IOException("port 2379 is taken");
                };
        try (Machine machine = new Machine(root, Map.of("/usr/bin/etcd", program))) {
            machine.service("etcd.service", "ExecStart=/usr/bin/etcd");

            assertThat(machine.start("etcd.service")).isEqualTo(JobResult.FAILED);
            assertThat(machine.words("etcd.service")).isEqualTo("failed/failed/exit-code");
            assertThat(machine.lines("etcd.service"))
                    .contains("failed to start: java.io.IOException: port 2379 is taken");
        }
    }

    @Test
    void unit_files_cannot_be_written_elsewhere() throws Exception {
        try (Machine machine = new Machine(root)) {
            for (String name : List.of("../x.service", "a/b.service", "x.d/y.conf", "x")) {
                org.assertj.core.api.Assertions.assertThatThrownBy(
                                () -> machine.init.write(UnitDirectory.RUNTIME, name, ""))
                        .isInstanceOf(IOException.class);
            }
            assertThat(Files.exists(root.resolve("run/systemd/x.service"))).isFalse();
        }
    }

    private static BuiltinProgram.Running running(CompletableFuture<Integer> exited) {
        return new BuiltinProgram.Running() {
            @Override
            public CompletableFuture<Integer> exited() {
                return exited;
            }

            @Override
            public void stop() {
                exited.complete(0);
            }
        };
    }
}
