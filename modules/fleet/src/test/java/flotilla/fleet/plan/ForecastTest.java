package flotilla.fleet.plan;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.engine.Decision;
import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Machine;
import flotilla.fleet.job.Now;
import flotilla.fleet.job.Rollout;
import flotilla.fleet.job.Rollout.Phase;
import flotilla.fleet.job.Rollout.Policy;
import flotilla.fleet.schedule.Merit;
import flotilla.units.UnitFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ForecastTest {
    private static final Now NOW = new Now(1_000_000, 1_800_000_000_000L);
    private static final long MIB = 1L << 20;

    private final List<Stored> cluster = new ArrayList<>();
    private long revision;

    @BeforeEach
    void three_machines() {
        for (int i = 1; i <= 3; i++) {
            put(
                    new Entry.OfMachine(
                            new Machine(
                                    "m" + i,
                                    "10.0.0." + i,
                                    "core-0" + i,
                                    Map.of(),
                                    new Capacity(1_000 * MIB, 1_000),
                                    "1")));
        }
    }

    @Test
    void a_lost_machines_units_go_to_others() {
        runs("a.service", "m1", "");
        runs("b.service", "m2", "");

        assertThat(effects(new Supposition.Lost("m1")))
                .containsExactly("move a.service [m1] [m3] its machine is gone; best of 2");
    }

    @Test
    void a_unit_whose_machine_dies_soon_after_it_came_says_so_too() {
        runs("a.service", "m1", "", NOW.wallMillis() - 6_000);

        assertThat(effects(new Supposition.Lost("m1")))
                .containsExactly(
                        "move a.service [m1] [m2] its machine died 6 s after it was told of it;"
                                + " best of 2");
    }

    @Test
    void who_fits_nowhere_else_loses_its_machine_and_waits_with_a_reason_per_machine() {
        runs("big.service", "m1", "Memory=800M");
        runs("b.service", "m2", "Memory=800M");
        runs("c.service", "m3", "Memory=800M");

        Plan plan = plan(new Supposition.Lost("m1"));

        assertThat(texts(plan))
                .containsExactly("lose big.service [m1] [] its machine is gone, and no other fits");
        assertThat(plan.waiting()).hasSize(1);
        assertThat(plan.waiting().getFirst().reason()).isEqualTo("no machine can have it");
        assertThat(plan.waiting().getFirst().refusals().stream().map(Object::toString))
                .containsExactly(
                        "core-02: needs 800M, 200M free", "core-03: needs 800M, 200M free");
    }

    @Test
    void what_must_not_run_twice_waits_for_the_fence_and_is_planned_all_the_same() {
        runs("one.service", "m1", "Conflicts=two.service");

        assertThat(effects(new Supposition.Lost("m1")))
                .containsExactly("move one.service [m1] [m2] its machine is gone; best of 2");
    }

    @Test
    void a_drained_machine_gives_its_units_up() {
        runs("a.service", "m1", "");

        Plan plan = plan(new Supposition.Eligible("m1", Eligibility.DRAINING));

        assertThat(texts(plan))
                .containsExactly("move a.service [m1] [m2] its machine is drained; best of 2");
        // Withdrawn first, then placed: as the engine does it.
        assertThat(plan.decisions()).hasSize(2);
    }

    @Test
    void the_rollout_of_a_global_unit_is_brought_to_its_end_first_machine_after_machine() {
        put(new Entry.OfText("old", "[X-Fleet]\nGlobal=true\n"));
        put(new Entry.OfText("new", "[X-Fleet]\nGlobal=true\nOnLost=keep\n"));
        Job job = new Job("node.service", "old", JobState.LAUNCHED);
        put(new Entry.OfJob(job));
        for (String machine : List.of("m1", "m2", "m3")) {
            put(new Entry.OfPlacement(machine, job.name(), job.assignment(), 0, Set.of()));
        }
        Rollout.Stage running = new Rollout.Stage(Phase.RUNNING, "", NOW.wallMillis());
        put(
                new Entry.OfRollout(
                        new Rollout(
                                job.name(),
                                "new",
                                Optional.of("old"),
                                Set.of("old"),
                                Policy.DEFAULT,
                                running,
                                "me")));

        Plan plan = plan(new Supposition.Lost("m3"));

        assertThat(plan.underWay())
                .filteredOn(Decision.Renew.class::isInstance)
                .extracting(decision -> ((Decision.Renew) decision).from().machineId())
                .containsExactly("m1", "m2", "m3");
        assertThat(texts(plan)).singleElement().asString().startsWith("change node.service");
        assertThat(plan.settled()).isTrue();
    }

    @Test
    void a_new_unit_is_placed_and_says_why_there() {
        runs("a.service", "m1", "");

        assertThat(effects(wanted("new.service", "", JobState.LAUNCHED)))
                .containsExactly("place new.service [] [m2] best of 3");
    }

    @Test
    void what_speaks_for_the_machine_is_told_beside_the_next_best() {
        runs("a.service", "m1", "");
        runs("b.service", "m2", "Memory=100M");

        Merit merit =
                plan(wanted("new.service", "Memory=100M", JobState.LAUNCHED))
                        .effects()
                        .getFirst()
                        .merit()
                        .orElseThrow();

        assertThat(merit.best().machine()).isEqualTo("core-03");
        assertThat(merit.best().scores())
                .extracting(score -> score.ranking() + " " + score.words())
                .containsExactly("instances 0", "load 10.0%", "units 0");
        assertThat(merit.next().orElseThrow().machine()).isEqualTo("core-01");
        assertThat(merit.next().orElseThrow().scores())
                .extracting(score -> score.ranking() + " " + score.words())
                .containsExactly("instances 0", "load 13.2%", "units 1");
    }

    @Test
    void who_has_one_machine_to_go_to_has_no_next_best_and_who_stays_no_merit() {
        runs("a.service", "m1", "");
        put(new Entry.OfEligibility("m3", Eligibility.CORDONED));

        Plan lost = plan(new Supposition.Lost("m1"));
        Plan stopped = plan(new Supposition.Destroyed("a.service"));

        assertThat(lost.effects().getFirst().merit().orElseThrow().next()).isEmpty();
        assertThat(stopped.effects().getFirst().merit()).isEmpty();
    }

    @Test
    void a_unit_that_is_destroyed_stops() {
        runs("a.service", "m1", "");

        assertThat(effects(new Supposition.Destroyed("a.service")))
                .containsExactly("stop a.service [m1] [] destroyed");
    }

    @Test
    void another_text_changes_it_where_it_is() {
        runs("a.service", "m1", "");

        assertThat(effects(wanted("a.service", "Memory=1M", JobState.LAUNCHED)))
                .containsExactly("change a.service [m1] [m1] another text");
    }

    @Test
    void nothing_follows_from_what_is_so_already() {
        runs("a.service", "m1", "");

        Plan plan = plan(wanted("a.service", "", JobState.LAUNCHED));

        assertThat(plan.effects()).isEmpty();
        assertThat(plan.decisions()).isEmpty();
        assertThat(plan.settled()).isTrue();
    }

    @Test
    void what_is_under_way_anyway_is_no_part_of_the_plan() {
        job("waits.service", "", JobState.LAUNCHED);

        Plan plan = plan(new Supposition.Destroyed("nobody.service"));

        assertThat(plan.effects()).isEmpty();
        assertThat(plan.underWay()).isNotEmpty();
    }

    private List<String> effects(Supposition supposition) {
        return texts(plan(supposition));
    }

    private Plan plan(Supposition supposition) {
        return Forecast.of(cluster, List.of(supposition), NOW);
    }

    private static List<String> texts(Plan plan) {
        return plan.effects().stream()
                .map(effect ->
                        "%s %s %s %s %s"
                                .formatted(
                                        effect.verb().text(),
                                        effect.unit(),
                                        effect.from(),
                                        effect.to(),
                                        effect.reason()))
                .toList();
    }

    private static Supposition wanted(String unit, String option, JobState desired) {
        UnitFile file = file(option);
        return new Supposition.Wanted(
                unit, Optional.of(new Entry.OfText(file.hash(), file.text())), desired);
    }

    private static UnitFile file(String option) {
        return UnitFile.parse("[Service]\nExecStart=/bin/true\n\n[X-Fleet]\n" + option + "\n");
    }

    private Job job(String unit, String option, JobState desired) {
        UnitFile file = file(option);
        Job job = new Job(unit, file.hash(), desired);
        put(new Entry.OfText(file.hash(), file.text()));
        put(new Entry.OfJob(job));
        return job;
    }

    private void runs(String unit, String machine, String option) {
        // Told so long ago that the machine's loss does not speak against the unit.
        runs(unit, machine, option, 1);
    }

    private void runs(String unit, String machine, String option, long sinceMillis) {
        Job job = job(unit, option, JobState.LAUNCHED);
        put(new Entry.OfOwner(unit, machine));
        put(new Entry.OfPlacement(machine, unit, job.assignment(), sinceMillis));
    }

    private void put(Entry entry) {
        cluster.removeIf(stored -> stored.entry().key().equals(entry.key()));
        cluster.add(new Stored(entry, ++revision));
    }
}
