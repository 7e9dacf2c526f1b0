package flotilla.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import flotilla.machine.Init.JobResult;
import flotilla.machine.Init.JobVerb;
import flotilla.machine.Init.UnitDirectory;
import flotilla.machine.Journal.From;
import flotilla.platform.Registration;
import flotilla.units.UnitFile;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

/** What {@link Init} and {@link Journal} promise, of whichever stands behind them. */
public abstract class InitContract {
    private static final String RUNS = "[Service]\nExecStart=/bin/sleep 1000\n";
    private static final String FAILS = "[Service]\nType=oneshot\nExecStart=/bin/false\n";

    /** The same ones throughout a test. */
    protected abstract Ports ports();

    /** Whether its units are processes. */
    protected abstract boolean isReal();

    /** Has a unit log a line. */
    protected void log(String unit, String words) throws Exception {
        write(unit, "[Service]\nType=oneshot\nExecStart=/bin/echo %s\n".formatted(words));
        assertThat(job(JobVerb.START, unit)).isEqualTo(JobResult.DONE);
    }

    private Init init() {
        return ports().init();
    }

    private void write(String unit, String text) throws Exception {
        init().write(UnitDirectory.RUNTIME, unit, text);
        reload();
    }

    private void reload() throws Exception {
        init().reload().get(30, TimeUnit.SECONDS);
    }

    private JobResult job(JobVerb verb, String unit) throws Exception {
        return init().job(verb, unit).get(30, TimeUnit.SECONDS);
    }

    private UnitState state(String unit) throws IOException {
        return Objects.requireNonNull(init().states(List.of(unit)).get(unit));
    }

    private String words(String unit) throws IOException {
        UnitState state = state(unit);
        return state.load() + " " + state.active();
    }

    private static ConditionFactory eventually() {
        return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20));
    }

    // Files

    @Test
    void what_nobody_wrote_is_not_found_and_can_not_be_started() throws Exception {
        assertThat(state("c-none.service")).isEqualTo(UnitState.notFound("c-none.service"));
        assertThat(init().read(UnitDirectory.RUNTIME, "c-none.service")).isEmpty();
        assertThat(job(JobVerb.START, "c-none.service")).isEqualTo(JobResult.NOT_LOADED);
        assertThat(job(JobVerb.STOP, "c-none.service")).isIn(JobResult.NOT_LOADED, JobResult.DONE);
        init().kill("c-none.service");
        init().resetFailed("c-none.service");
    }

    @Test
    void a_file_is_read_back_listed_with_its_hash_and_gone_when_it_is_removed() throws Exception {
        init().write(UnitDirectory.RUNTIME, "c-file.service", RUNS);
        init().write(UnitDirectory.RUNTIME, "c-file.service.d/10-a.conf", "[Service]\nNice=1\n");

        assertThat(init().read(UnitDirectory.RUNTIME, "c-file.service")).contains(RUNS);
        assertThat(init().own(UnitDirectory.RUNTIME))
                .anyMatch(file ->
                        file.name().equals("c-file.service")
                                && file.hash().equals(UnitFile.parse(RUNS).hash()))
                .anyMatch(file -> file.name().equals("c-file.service.d/10-a.conf"));

        init().remove(UnitDirectory.RUNTIME, "c-file.service.d/10-a.conf");
        init().remove(UnitDirectory.RUNTIME, "c-file.service");
        init().remove(UnitDirectory.RUNTIME, "c-file.service");

        assertThat(init().read(UnitDirectory.RUNTIME, "c-file.service")).isEmpty();
        assertThat(init().own(UnitDirectory.RUNTIME))
                .noneMatch(file -> file.name().startsWith("c-file."));
    }

    @Test
    void a_unit_is_loaded_once_all_files_were_read_and_no_longer_when_they_were_read_without_it()
            throws Exception {
        write("c-load.service", RUNS);
        assertThat(words("c-load.service")).isEqualTo("loaded inactive");

        init().remove(UnitDirectory.RUNTIME, "c-load.service");
        reload();

        assertThat(words("c-load.service")).isEqualTo("not-found inactive");
    }

    @Test
    void a_file_that_changes_under_its_unit_needs_a_reload_until_there_was_one() throws Exception {
        write("c-needs.service", RUNS);
        assertThat(job(JobVerb.START, "c-needs.service")).isEqualTo(JobResult.DONE);
        assertThat(init().show("c-needs.service").needsReload()).isFalse();

        init().write(UnitDirectory.RUNTIME, "c-needs.service", RUNS + "Nice=1\n");
        assertThat(init().show("c-needs.service").needsReload()).isTrue();

        reload();
        assertThat(init().show("c-needs.service").needsReload()).isFalse();
        assertThat(state("c-needs.service").isActive()).isTrue();
    }

    @Test
    void a_unit_that_is_masked_can_not_be_started_until_it_is_unmasked() throws Exception {
        init().mask("c-masked.service", UnitDirectory.RUNTIME);
        assertThat(state("c-masked.service").load()).isEqualTo("masked");
        assertThat(job(JobVerb.START, "c-masked.service")).isEqualTo(JobResult.NOT_LOADED);

        init().unmask("c-masked.service", UnitDirectory.RUNTIME);
        write("c-masked.service", RUNS);

        assertThat(job(JobVerb.START, "c-masked.service")).isEqualTo(JobResult.DONE);
    }

    @Test
    void a_unit_is_enabled_and_disabled_without_being_touched() throws Exception {
        write("c-boot.service", RUNS + "[Install]\nWantedBy=multi-user.target\n");
        assertThat(job(JobVerb.START, "c-boot.service")).isEqualTo(JobResult.DONE);

        init().enable("c-boot.service", UnitDirectory.RUNTIME);
        init().enable("c-boot.service", UnitDirectory.RUNTIME);
        init().disable("c-boot.service", UnitDirectory.RUNTIME);
        init().disable("c-boot.service", UnitDirectory.RUNTIME);

        assertThat(init().read(UnitDirectory.RUNTIME, "c-boot.service")).isPresent();
        assertThat(state("c-boot.service").isActive()).isTrue();
    }

    // Jobs

    @Test
    void a_unit_starts_once_runs_and_stops() throws Exception {
        write("c-run.service", RUNS);

        assertThat(job(JobVerb.START, "c-run.service")).isEqualTo(JobResult.DONE);
        UnitDetail first = init().show("c-run.service");
        assertThat(job(JobVerb.START, "c-run.service")).isEqualTo(JobResult.DONE);

        assertThat(state("c-run.service"))
                .extracting(UnitState::active, UnitState::sub, UnitState::result)
                .containsExactly("active", "running", "success");
        assertThat(first.invocationId()).hasSize(32);
        assertThat(init().show("c-run.service").invocationId()).isEqualTo(first.invocationId());
        assertThat(init().list()).anyMatch(unit -> unit.name().equals("c-run.service"));

        assertThat(job(JobVerb.STOP, "c-run.service")).isEqualTo(JobResult.DONE);
        assertThat(words("c-run.service")).isEqualTo("loaded inactive");
    }

    @Test
    void a_restart_is_another_run_and_nothing_restarts_that_does_not_run() throws Exception {
        write("c-again.service", RUNS);
        assertThat(job(JobVerb.TRY_RESTART, "c-again.service")).isEqualTo(JobResult.DONE);
        assertThat(words("c-again.service")).isEqualTo("loaded inactive");
        assertThat(job(JobVerb.START, "c-again.service")).isEqualTo(JobResult.DONE);
        String first = init().show("c-again.service").invocationId();

        assertThat(job(JobVerb.RESTART, "c-again.service")).isEqualTo(JobResult.DONE);

        assertThat(init().show("c-again.service").invocationId()).isNotEqualTo(first);
        assertThat(state("c-again.service").isActive()).isTrue();
    }

    @Test
    void a_unit_that_fails_says_why_until_that_is_forgotten() throws Exception {
        write("c-fails.service", FAILS);

        assertThat(job(JobVerb.START, "c-fails.service")).isEqualTo(JobResult.FAILED);
        assertThat(state("c-fails.service").isFailed()).isTrue();
        assertThat(state("c-fails.service").result()).isEqualTo("exit-code");

        init().resetFailed("c-fails.service");
        init().resetFailed("c-fails.service");
        assertThat(words("c-fails.service")).isEqualTo("loaded inactive");
    }

    @Test
    void a_unit_that_is_killed_runs_no_longer() throws Exception {
        write("c-killed.service", RUNS);
        assertThat(job(JobVerb.START, "c-killed.service")).isEqualTo(JobResult.DONE);

        init().kill("c-killed.service");

        eventually().until(() -> state("c-killed.service").isFailed());
    }

    @Test
    void a_stop_during_a_start_takes_its_place() throws Exception {
        assumeThat(isReal()).as("units that take their time").isTrue();
        write("c-slow.service", "[Service]\nType=oneshot\nExecStart=/bin/sleep 1000\n");
        var start = init().job(JobVerb.START, "c-slow.service");
        eventually().until(() -> state("c-slow.service").active().equals("activating"));

        assertThat(job(JobVerb.STOP, "c-slow.service")).isEqualTo(JobResult.DONE);

        assertThat(start.get(30, TimeUnit.SECONDS)).isEqualTo(JobResult.CANCELED);
        assertThat(state("c-slow.service").isActive()).isFalse();
    }

    @Test
    void a_unit_whose_requirement_fails_ends_as_a_dependency() throws Exception {
        assumeThat(isReal()).as("units with dependencies").isTrue();
        write("c-bad.service", FAILS);
        write("c-needy.service", "[Unit]\nRequires=c-bad.service\nAfter=c-bad.service\n" + RUNS);

        assertThat(job(JobVerb.START, "c-needy.service")).isEqualTo(JobResult.DEPENDENCY);
        assertThat(state("c-needy.service").isActive()).isFalse();
    }

    // States

    @Test
    void who_listens_is_told_to_look_whenever_something_is_another() throws Exception {
        write("c-heard.service", RUNS);
        Set<String> changed = ConcurrentHashMap.newKeySet();
        try (Registration _ = init().subscribe(changed::addAll)) {
            assertThat(job(JobVerb.START, "c-heard.service")).isEqualTo(JobResult.DONE);
            eventually().until(() -> changed.contains("c-heard.service"));
            eventually().until(() -> state("c-heard.service").isActive());

            changed.clear();
            assertThat(job(JobVerb.STOP, "c-heard.service")).isEqualTo(JobResult.DONE);
            eventually().until(() -> changed.contains("c-heard.service"));
            assertThat(words("c-heard.service")).isEqualTo("loaded inactive");
        }
        changed.clear();
        assertThat(job(JobVerb.START, "c-heard.service")).isEqualTo(JobResult.DONE);
        assertThat(changed).doesNotContain("c-heard.service");
    }

    @Test
    void the_states_of_many_are_asked_for_at_once_and_each_is_answered() throws Exception {
        write("c-one.service", RUNS);
        write("c-two.service", FAILS);
        assertThat(job(JobVerb.START, "c-one.service")).isEqualTo(JobResult.DONE);

        List<String> names = List.of("c-one.service", "c-two.service", "c-three.service");

        assertThat(init().states(names)).containsOnlyKeys(names);
        assertThat(words("c-one.service")).isEqualTo("loaded active");
        assertThat(words("c-two.service")).isEqualTo("loaded inactive");
        assertThat(words("c-three.service")).isEqualTo("not-found inactive");
        assertThat(init().status("c-one.service")).contains("c-one.service");
    }

    @Test
    void a_command_runs_beside_a_unit_as_if_it_were_one_of_its_own() throws Exception {
        assumeThat(isReal()).as("units with processes").isTrue();
        write("c-asked@7.service", RUNS + "Environment=COLOR=green\n");
        assertThat(job(JobVerb.START, "c-asked@7.service")).isEqualTo(JobResult.DONE);
        Duration limit = Duration.ofSeconds(20);

        assertThat(probe("/bin/sh -c 'test $COLOR = green && test %i = 7'", limit)).isEmpty();
        assertThat(probe("/bin/sh -c 'echo not today; exit 3'", limit))
                .contains("not today")
                .contains("3");
        assertThat(probe("/bin/sleep 1000", Duration.ofMillis(300))).isNotEmpty();
    }

    private String probe(String line, Duration limit) throws Exception {
        return init().probe("c-asked@7.service", line, limit).get(60, TimeUnit.SECONDS);
    }

    @Test
    void what_may_run_only_for_so_long_is_killed_then_and_starts_only_when_it_is_said_again()
            throws Exception {
        write("c-permit.service", RUNS + "Restart=always\nRestartSec=0\n");
        write("c-free.service", RUNS);
        assertThat(job(JobVerb.START, "c-permit.service")).isEqualTo(JobResult.DONE);
        assertThat(job(JobVerb.START, "c-free.service")).isEqualTo(JobResult.DONE);
        Set<String> units = Set.of("c-permit.service");
        assumeThat(init().permit(units, Duration.ofSeconds(60))).as("it has such a timer").isTrue();
        assertThat(init().permit(units, Duration.ofMillis(500))).isTrue();

        eventually().until(() -> !state("c-permit.service").isActive());
        assertThat(job(JobVerb.START, "c-permit.service")).isNotEqualTo(JobResult.DONE);
        assertThat(state("c-permit.service").isActive()).isFalse();
        assertThat(state("c-free.service").isActive()).isTrue();

        assertThat(init().permit(units, Duration.ofSeconds(60))).isTrue();
        assertThat(job(JobVerb.START, "c-permit.service")).isEqualTo(JobResult.DONE);
        assertThat(init().permit(Set.of(), Duration.ofMillis(1))).isTrue();
        assertThat(state("c-permit.service").isActive()).isTrue();
    }

    // Journal

    @Test
    void what_a_unit_logs_is_read_followed_and_gone_on_with_after_a_cursor() throws Exception {
        Journal journal = ports().journal();
        log("c-log.service", "first");
        eventually().until(() -> messages(journal.last("c-log.service", 50)).contains("first"));
        List<String> heard = new CopyOnWriteArrayList<>();
        try (Registration _ =
                journal.follow("c-log.service", new From.Last(50), l -> heard.add(l.message()))) {
            log("c-log.service", "second");
            eventually().until(() -> heard.containsAll(List.of("first", "second")));
        }
        String cursor =
                journal.last("c-log.service", 50).stream()
                        .filter(line -> line.message().equals("first"))
                        .findFirst()
                        .orElseThrow()
                        .cursor();

        List<String> rest = new CopyOnWriteArrayList<>();
        try (Registration _ =
                journal.follow(
                        "c-log.service", new From.After(cursor), l -> rest.add(l.message()))) {
            eventually().until(() -> rest.contains("second"));
        }

        assertThat(rest).doesNotContain("first");
        assertThat(journal.last("c-log.service", 1)).hasSize(1);
        assertThatThrownBy(
                        () -> journal.follow("c-log.service", new From.After("no-cursor"), _ -> {}))
                .isInstanceOf(IOException.class);
    }

    private static List<String> messages(List<JournalLine> lines) {
        return lines.stream().map(JournalLine::message).toList();
    }
}
