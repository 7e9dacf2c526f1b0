package flotilla.fleet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.cluster.Cluster;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Acknowledgement;
import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Machine;
import flotilla.fleet.job.Now;
import flotilla.units.UnitFile;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReconcilerTest {
    private static final long NOW = 1_800_000_000_000L;

    private final Cluster cluster = new Cluster();
    private long revision;

    @Test
    void a_unit_that_is_wanted_gets_a_machine() {
        machine("m1");
        job("a.service", JobState.LAUNCHED, "");

        assertThat(words()).containsExactly("place a.service on m1 (the one machine that fits)");
    }

    @Test
    void once_carried_out_there_is_nothing_to_do() {
        machine("m1");
        Job job = job("a.service", JobState.LAUNCHED, "");
        owns("m1", job);

        assertThat(words()).isEmpty();
    }

    @Test
    void units_of_a_machine_that_is_gone_move_at_once() {
        machine("m2");
        owns("m1", job("a.service", JobState.LAUNCHED, ""));

        assertThat(words())
                .containsExactly(
                        "move a.service from m1 to m2 (its machine is gone; the one machine that"
                                + " fits)");
    }

    @Test
    void a_unit_that_no_machine_fits_any_more_is_withdrawn_with_the_reason() {
        machine("m1");
        owns("m1", job("a.service", JobState.LAUNCHED, "MachineMetadata=role=db"));

        assertThat(words())
                .containsExactly(
                        "withdraw a.service from m1 (metadata role=db not met, and no other"
                                + " machine fits)");
    }

    @Test
    void another_wish_or_text_is_passed_on_to_the_machine_that_has_it() {
        machine("m1");
        owns("m1", job("a.service", JobState.LAUNCHED, ""));
        job("a.service", JobState.LOADED, "");
        assertThat(words()).containsExactly("update a.service on m1 (wanted loaded)");

        job("a.service", JobState.LAUNCHED, "Memory=1M");
        assertThat(words()).anyMatch(word -> word.equals("update a.service on m1 (another text)"));
    }

    @Test
    void inactive_and_destroyed_units_are_withdrawn_and_then_their_text_is_collected() {
        machine("m1");
        owns("m1", job("a.service", JobState.LAUNCHED, ""));
        owns("m1", job("b.service", JobState.LAUNCHED, "Memory=1M"));
        job("a.service", JobState.INACTIVE, "");
        cluster.remove(new Key.OfJob("b.service"));

        assertThat(words())
                .containsExactlyInAnyOrder(
                        "withdraw a.service from m1 (wanted inactive)",
                        "withdraw b.service from m1 (destroyed)");
        cluster.remove(new Key.OfOwner("b.service"));
        cluster.remove(new Key.OfPlacement("m1", "b.service"));

        assertThat(words())
                .containsExactly(
                        "withdraw a.service from m1 (wanted inactive)",
                        "collect text " + hash("Memory=1M") + " (no unit has this text)");
    }

    @Test
    void what_somebody_asks_for_is_done_at_once_however_much_it_is() {
        machine("m1");
        for (int i = 0; i < 100; i++) {
            owns("m1", job("u%02d.service".formatted(i), JobState.LAUNCHED, ""));
            job("u%02d.service".formatted(i), JobState.INACTIVE, "");
        }

        assertThat(words()).hasSize(100);
    }

    @Test
    void a_machine_that_was_not_told_of_what_it_owns_is_told() {
        machine("m1");
        job("a.service", JobState.LAUNCHED, "");
        put(new Entry.OfOwner("a.service", "m1"));

        assertThat(words()).containsExactly("update a.service on m1 (its machine was not told)");
    }

    @Test
    void a_unit_that_has_become_global_is_owned_by_nobody() {
        machine("m1");
        machine("m2");
        owns("m1", job("a.service", JobState.LAUNCHED, ""));
        job("a.service", JobState.LAUNCHED, "Global=true");

        assertThat(words())
                .contains(
                        "withdraw a.service from m1 (has become global)",
                        "place a.service on m2 (global)");
    }

    @Test
    void units_of_a_drained_machine_move_and_global_ones_stop() {
        machine("m1");
        machine("m2");
        owns("m1", job("a.service", JobState.LAUNCHED, ""));
        Job log = job("log.service", JobState.LAUNCHED, "Global=true");
        told("m1", log);
        told("m2", log);
        put(new Entry.OfEligibility("m1", Eligibility.DRAINING));

        assertThat(words())
                .containsExactly(
                        "withdraw a.service from m1 (goes to m2: its machine is drained; the one"
                                + " machine that fits)",
                        "withdraw log.service from m1 (its machine is drained)");
    }

    @Test
    void a_unit_that_can_not_leave_its_drained_machine_stays() {
        machine("m1");
        owns("m1", job("a.service", JobState.LAUNCHED, ""));
        put(new Entry.OfEligibility("m1", Eligibility.DRAINING));

        assertThat(words()).isEmpty();
    }

    @Test
    void a_cordoned_machine_keeps_what_it_has_and_gets_nothing_until_it_is_ready() {
        machine("m1");
        owns("m1", job("a.service", JobState.LAUNCHED, ""));
        told("m1", job("log.service", JobState.LAUNCHED, "Global=true"));
        put(new Entry.OfEligibility("m1", Eligibility.CORDONED));
        job("b.service", JobState.LAUNCHED, "");
        job("c.service", JobState.LAUNCHED, "Global=true");
        assertThat(words()).isEmpty();

        cluster.remove(new Key.OfEligibility("m1"));

        assertThat(words())
                .containsExactly(
                        "place b.service on m1 (the one machine that fits)",
                        "place c.service on m1 (global)");
    }

    @Test
    void a_text_that_changed_is_read_again() {
        machine("m1");
        owns("m1", job("a.service", JobState.LAUNCHED, ""));
        assertThat(words()).isEmpty();

        job("a.service", JobState.LAUNCHED, "MachineMetadata=role=db");

        assertThat(words())
                .contains(
                        "withdraw a.service from m1 (metadata role=db not met, and no other"
                                + " machine fits)");
    }

    @Test
    void a_unit_without_a_machine_left_says_that_its_machine_is_gone() {
        owns("m1", job("a.service", JobState.LAUNCHED, ""));

        assertThat(words())
                .containsExactly(
                        "release a.service from m1 (its machine is gone, and no other fits)");
    }

    @Test
    void what_is_no_longer_wanted_is_withdrawn_from_machines_that_do_not_own_it() {
        machine("m1");
        Job job = job("log.service", JobState.LAUNCHED, "Global=true");
        put(new Entry.OfPlacement("m1", "log.service", job.assignment(), 0));
        job("log.service", JobState.INACTIVE, "Global=true");

        assertThat(words()).containsExactly("withdraw log.service from m1 (no longer wanted)");
    }

    @Test
    void metadata_taken_away_at_run_time_counts_no_more() {
        machine("m1");
        job("a.service", JobState.LAUNCHED, "MachineMetadata=role=db");
        put(new Entry.OfMetadata("m1", "role", Optional.of("db")));
        assertThat(words()).hasSize(1);

        cluster.remove(new Key.OfMetadata("m1", "role"));
        cluster.remove(new Key.OfMetadata("m2", "role"));

        assertThat(words()).isEmpty();
    }

    @Test
    void a_template_is_never_placed() {
        machine("m1");
        job("a@.service", JobState.LAUNCHED, "");

        assertThat(words()).isEmpty();
    }

    @Test
    void a_global_unit_comes_to_each_machine_and_leaves_those_that_are_gone() {
        machine("m1");
        machine("m2");
        Job job = job("log.service", JobState.LAUNCHED, "Global=true");
        put(new Entry.OfPlacement("m1", "log.service", job.assignment(), 0));
        put(new Entry.OfPlacement("gone", "log.service", job.assignment(), 0));

        assertThat(words())
                .containsExactly(
                        "release log.service from gone (its machine is gone)",
                        "place log.service on m2 (global)");
    }

    @Test
    void a_leftover_of_a_move_is_withdrawn() {
        machine("m1");
        machine("m2");
        Job job = job("a.service", JobState.LAUNCHED, "");
        owns("m1", job);
        put(new Entry.OfPlacement("m2", "a.service", job.assignment(), 0));

        assertThat(words()).containsExactly("withdraw a.service from m2 (belongs elsewhere)");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_unit_that_comes_back_to_a_machine_is_only_placed_there(boolean released) {
        machine("m1");
        Job job = job("a.service", JobState.LAUNCHED, "");
        put(new Entry.OfPlacement("m1", "a.service", job.assignment().withdrawn(), 0));
        put(
                new Entry.OfAcknowledgement(
                        "m1", "a.service", new Acknowledgement(revision, 1, released)));

        assertThat(words()).containsExactly("place a.service on m1 (the one machine that fits)");
    }

    @Test
    void a_unit_whose_text_is_missing_stays_where_it_is() {
        machine("m1");
        put(new Entry.OfOwner("a.service", "m1"));
        put(new Entry.OfPlacement("m1", "a.service", new Assignment("h", JobState.LAUNCHED, 1), 0));
        put(new Entry.OfJob(new Job("a.service", "h", JobState.LAUNCHED)));

        assertThat(words()).isEmpty();
    }

    @Test
    void a_unit_of_which_can_not_be_read_what_is_wanted_stays_as_it_is_and_keeps_its_text() {
        machine("m1");
        owns("m1", job("a.service", JobState.LAUNCHED, ""));

        put(new Entry.Unreadable(new Key.OfJob("a.service")));
        assertThat(words()).isEmpty();

        cluster.remove(new Key.OfJob("a.service"));
        assertThat(words()).contains("withdraw a.service from m1 (destroyed)");
    }

    @Test
    void metadata_changed_at_run_time_counts() {
        machine("m1");
        job("a.service", JobState.LAUNCHED, "MachineMetadata=role=db");
        assertThat(words()).isEmpty();

        put(new Entry.OfMetadata("m1", "role", Optional.of("db")));
        assertThat(words()).containsExactly("place a.service on m1 (the one machine that fits)");
    }

    /** What is decided, but for what is only remembered of machines. */
    private List<String> words() {
        Agenda agenda = new Agenda();
        agenda.all(cluster);
        return Reconciler.decide(cluster, agenda, new Absences(), new Now(0, NOW))
                .decisions()
                .stream()
                .filter(decision -> !(decision instanceof Decision.Remember))
                .map(Words::of)
                .toList();
    }

    private void machine(String id) {
        put(new Entry.OfMachine(new Machine(id, "", id, Map.of(), Capacity.UNKNOWN, "")));
    }

    private Job job(String name, JobState desired, String option) {
        Job job = new Job(name, hash(option), desired);
        put(new Entry.OfText(job.hash(), text(option)));
        put(new Entry.OfJob(job));
        return job;
    }

    private void owns(String machine, Job job) {
        put(new Entry.OfOwner(job.name(), machine));
        told(machine, job);
    }

    private void told(String machine, Job job) {
        put(new Entry.OfPlacement(machine, job.name(), job.assignment(), 0));
    }

    private void put(Entry entry) {
        cluster.put(entry, ++revision);
    }

    private static String text(String option) {
        return UnitFile.parse("[Service]\nExecStart=/bin/true\n[X-Fleet]\n" + option + "\n")
                .fleetText();
    }

    private static String hash(String option) {
        return UnitFile.parse(text(option)).hash();
    }
}
