package flotilla.fleet.schedule;

import static flotilla.fleet.schedule.Tasks.placed;
import static flotilla.fleet.schedule.Tasks.task;
import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Machine;
import flotilla.units.Preferences;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What units would rather have: it decides where there is a choice, and nowhere else. */
class PreferencesTest {
    private static final long GIB = 1L << 30;

    /** m1 and m2 are in a, m3 in b, m4 says nothing; m2 and m3 have an ssd, db.service is on m3. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    PreferMachineMetadata=disk=ssd                                    | m2
                    PreferMachineMetadata=zone=b                                      | m3
                    PreferMachineMetadata=zone=b, PreferMachineMetadata=zone=c        | m3
                    PreferMachineMetadata=zone=a, PreferMachineMetadata=disk=ssd      | m2
                    PreferMachineMetadata=zone=nowhere                                | m1
                    AvoidMachineMetadata=zone=a                                       | m4
                    AvoidMachineMetadata=zone=a, AvoidMachineMetadata=zone=b          | m4
                    AvoidMachineMetadata=zone=a, MachineMetadata=zone=a               | m1
                    AvoidMachineMetadata=disk=ssd, PreferMachineMetadata=zone=b       | m1
                    PreferMachineOf=db.service                                        | m3
                    PreferMachineOf=nobody.service                                    | m1
                    PreferMachineOf=db.service, MachineMetadata=zone=a                | m1
                    AvoidMachineOf=busy@*                                             | m2
                    AvoidMachineOf=busy@* db.*, AvoidMachineMetadata=disk=ssd         | m4
                    PreferMachineOf=db.service, AvoidMachineOf=db.*                   | m1
                    """)
    void what_a_unit_prefers_comes_before_load_and_after_what_it_must_have(
            String options, String machine) {
        List<Task> tasks =
                List.of(
                        placed("db.service", "m3", "Memory=500M"),
                        placed("web.service", "m2", "Memory=100M"),
                        placed("log.service", "m4", "Memory=300M"),
                        options.contains("busy")
                                ? placed("busy@1.service", "m1")
                                : placed("idle.service", "m1"),
                        task("new.service", options.split(", ")));

        assertThat(where(tasks, four()).get("new.service")).isEqualTo(machine);
    }

    @Test
    void what_can_not_be_had_keeps_no_unit_from_running() {
        List<Task> tasks =
                List.of(
                        task(
                                "a@1.service",
                                "PreferMachineMetadata=zone=c",
                                "AvoidMachineOf=a@*",
                                "SpreadOver=rack",
                                "PreferMachineOf=b.service",
                                "AvoidMachineMetadata=zone=a"),
                        placed("a@2.service", "m1"));

        assertThat(where(tasks, List.of(machine("m1", Map.of("zone", "a")))))
                .containsEntry("a@1.service", "m1");
    }

    @Test
    void a_unit_stays_beside_another_that_would_rather_be_beside_it() {
        List<Task> tasks =
                List.of(
                        placed("a.service", "m1", "PreferMachineOf=b.service"),
                        placed("b.service", "m1", "MachineOf=a.service"));
        Machine closed = machine("m1", Map.of()).with(Eligibility.CORDONED);

        assertThat(where(tasks, List.of(closed))).containsOnlyKeys("a.service", "b.service");
    }

    @Test
    void a_unit_that_would_rather_be_beside_another_chooses_after_it() {
        List<Task> tasks =
                List.of(
                        task("a.service", "PreferMachineOf=z.service", "Memory=100M"),
                        task("b.service", "Memory=50M"),
                        task("z.service", "Memory=10M"));

        Map<String, String> where = where(tasks, four());

        assertThat(where.get("a.service")).isEqualTo(where.get("z.service"));
    }

    @Test
    void units_that_would_rather_be_beside_each_other_are() {
        List<Task> tasks =
                List.of(
                        task("a.service", "PreferMachineOf=b.service"),
                        task("b.service", "PreferMachineOf=a.service"));

        assertThat(Set.copyOf(where(tasks, four()).values())).hasSize(1);
    }

    @Test
    void a_preference_moves_nothing_that_runs() {
        List<Task> tasks =
                List.of(placed("a.service", "m1", "PreferMachineMetadata=zone=b", "SpreadOver=x"));

        assertThat(where(tasks, four())).containsEntry("a.service", "m1");
    }

    @Test
    void instances_are_spread_evenly_over_the_values_however_many_machines_have_each() {
        List<Machine> machines = new ArrayList<>();
        IntStream.range(10, 18).forEach(i -> machines.add(machine("m" + i, Map.of("zone", "a"))));
        machines.add(machine("m20", Map.of("zone", "b")));
        machines.add(machine("m30", Map.of("zone", "c")));
        List<Task> tasks =
                IntStream.range(0, 9)
                        .mapToObj(i -> task("api@" + i + ".service", "SpreadOver=zone"))
                        .toList();

        Map<String, Integer> byZone = new TreeMap<>();
        Map<String, String> where = where(tasks, machines);
        where.values().forEach(machine -> byZone.merge(machine.substring(0, 2), 1, Integer::sum));

        assertThat(byZone).containsOnly(Map.entry("m1", 3), Map.entry("m2", 3), Map.entry("m3", 3));
        assertThat(Set.copyOf(where.values())).as("one a machine in zone a").hasSize(5);
    }

    @Test
    void instances_that_are_there_count_also_where_no_more_may_come() {
        List<Task> tasks =
                List.of(
                        placed("api@1.service", "m1"),
                        placed("api@2.service", "m3"),
                        placed("api@3.service", "m3"),
                        task("api@4.service", "SpreadOver=zone"));

        assertThat(where(tasks, four())).containsEntry("api@4.service", "m2");
    }

    @Test
    void a_machine_without_the_key_comes_last() {
        List<Task> tasks =
                List.of(
                        placed("api@1.service", "m1"),
                        placed("api@2.service", "m3"),
                        task("api@3.service", "SpreadOver=zone"));

        assertThat(where(tasks, four())).containsEntry("api@3.service", "m2");
    }

    @Test
    void packed_units_fill_one_machine_before_they_begin_the_next() {
        List<Task> tasks =
                IntStream.range(0, 6)
                        .mapToObj(
                                i -> task("job@" + i + ".service", "Placement=pack", "Memory=300M"))
                        .toList();

        Map<String, Integer> counts = new TreeMap<>();
        where(tasks, four()).values().forEach(machine -> counts.merge(machine, 1, Integer::sum));

        assertThat(counts).containsOnly(Map.entry("m1", 3), Map.entry("m2", 3));
    }

    @Test
    void packed_units_go_where_cpu_is_left_and_where_it_lacks_least() {
        List<Task> tasks =
                List.of(
                        placed("hog.service", "m1", "CPU=1.9"),
                        placed("cat.service", "m2", "CPU=1"),
                        task("job.service", "Placement=pack", "CPU=0.5", "MachineMetadata=zone=a"));
        List<Task> full =
                List.of(
                        placed("hog.service", "m1", "CPU=1.9"),
                        placed("cat.service", "m2", "CPU=1.8"),
                        task("job.service", "Placement=pack", "CPU=0.5", "MachineMetadata=zone=a"));

        assertThat(where(tasks, four())).containsEntry("job.service", "m2");
        assertThat(where(full, four())).containsEntry("job.service", "m2");
    }

    @Test
    void what_is_spread_by_word_is_spread_as_without_it() {
        Requirements silent = task("a.service").requirements();

        Preferences spread = task("a.service", "Placement=spread").requirements().preferences();

        assertThat(Ranking.of(spread, "")).isEqualTo(Ranking.USUAL);
        assertThat(spread.orPacked(true)).isEqualTo(spread);
        assertThat(task("a.service", "Placement=somehow").requirements()).isEqualTo(silent);
    }

    private static Map<String, String> where(List<Task> tasks, List<Machine> machines) {
        Schedule schedule = Scheduler.place(tasks, machines);
        Map<String, String> where = new TreeMap<>();
        tasks.forEach(task ->
                where.put(
                        task.name(),
                        schedule.placement(task.name()).map(Placement::machineId).orElse("none")));
        return where;
    }

    private static List<Machine> four() {
        return List.of(
                machine("m1", Map.of("zone", "a")),
                machine("m2", Map.of("zone", "a", "disk", "ssd")),
                machine("m3", Map.of("zone", "b", "disk", "ssd")),
                machine("m4", Map.of()));
    }

    private static Machine machine(String id, Map<String, String> metadata) {
        return new Machine(id, "", "", metadata, new Capacity(GIB, 2000), "");
    }
}
