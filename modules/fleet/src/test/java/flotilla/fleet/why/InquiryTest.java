package flotilla.fleet.why;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.cluster.Cluster;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Acknowledgement;
import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Machine;
import flotilla.fleet.job.Rollout;
import flotilla.fleet.job.Rollout.Phase;
import flotilla.fleet.job.Rollout.Policy;
import flotilla.fleet.job.Rollout.Stage;
import flotilla.fleet.job.Sighting;
import flotilla.fleet.job.Strikes;
import flotilla.fleet.schedule.Standing;
import flotilla.units.UnitFile;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InquiryTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final long MIB = 1L << 20;
    private static final String UNIT = "a.service";

    private final Cluster cluster = new Cluster();
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
                                    Map.of("zone", "z" + i),
                                    new Capacity(1_000 * MIB, 1_000),
                                    "1")));
        }
    }

    @Test
    void nobody_knows_what_is_not_there() {
        assertThat(Inquiry.of(cluster, NOW, UNIT)).isEmpty();
    }

    @Test
    void where_it_is_it_stays_as_long_as_that_machine_can_have_it() {
        runs("m2", "");
        acknowledged("m2", false);

        assertThat(sentences())
                .containsExactly(
                        "it is on core-02: a unit stays as long as its machine can have it");
    }

    @Test
    void a_machine_that_has_not_answered_is_named() {
        runs("m2", "");

        assertThat(sentences())
                .contains("core-02 was told of it 7 s ago, and has not answered yet");
    }

    @Test
    void a_machine_that_was_not_told_yet_is_named() {
        job("", JobState.LAUNCHED);
        put(new Entry.OfOwner(UNIT, "m2"));

        assertThat(sentences()).contains("core-02 has yet to be told of it by the engine");
    }

    @Test
    void nobody_wants_it() {
        job("", JobState.INACTIVE);

        assertThat(sentences()).containsExactly("nobody wants it loaded or launched");
        assertThat(why().standings()).isEmpty();
    }

    @Test
    void what_is_stopped_waits_for_its_machine_to_say_so() {
        Job job = runs("m2", "");
        put(new Entry.OfJob(job.with(JobState.INACTIVE)));
        put(new Entry.OfPlacement("m2", UNIT, job.assignment().withdrawn(), NOW));

        assertThat(sentences())
                .containsExactly(
                        "nobody wants it loaded or launched",
                        "it waits for core-02 to say that it has stopped there");

        acknowledged("m2", true);

        assertThat(sentences()).containsExactly("nobody wants it loaded or launched");
    }

    @Test
    void what_is_destroyed_may_still_be_somewhere() {
        Job job = runs("m2", "");
        cluster.remove(new Key.OfJob(UNIT));
        put(new Entry.OfPlacement("m2", UNIT, job.assignment().withdrawn(), NOW));

        assertThat(sentences())
                .containsExactly(
                        "it is destroyed", "it waits for core-02 to say that it has stopped there");
    }

    @Test
    void a_unit_that_is_handed_over_says_to_whom_and_waits_for_whom() {
        Job job = runs("m2", "");
        put(new Entry.OfEligibility("m2", Eligibility.DRAINING));
        put(new Entry.OfPlacement("m2", UNIT, job.assignment().withdrawn(), NOW));

        assertThat(sentences())
                .containsExactly(
                        "it is on core-02, and has to leave",
                        "it is about to go to core-01: its machine is drained; best of 2",
                        "it waits for core-02 to say that it has stopped there");
    }

    @Test
    void a_drained_machine_keeps_what_no_other_can_have() {
        runs("m2", "MachineMetadata=zone=z2");
        acknowledged("m2", false);
        put(new Entry.OfEligibility("m2", Eligibility.DRAINING));

        assertThat(sentences())
                .containsExactly(
                        "it is on core-02: its machine is drained, but no other can have it");
    }

    @Test
    void of_a_machine_that_is_gone_its_fence_is_told() {
        runs("m2", "Conflicts=b.service");
        put(new Entry.OfSighting("m2", new Sighting(12_000, 0)));
        cluster.remove(new Key.OfMachine("m2"));

        assertThat(sentences())
                .containsExactly(
                        "its machine m2 is gone, and must not run twice (OnLost=stop): another may"
                                + " have it once the fence has passed too, 12 s after the lease ended",
                        "it is about to go to core-01: its machine is gone; best of 2");
    }

    @Test
    void what_may_run_twice_waits_for_no_fence() {
        runs("m2", "");
        cluster.remove(new Key.OfMachine("m2"));

        assertThat(sentences()).contains("its machine m2 is gone");
    }

    @Test
    void a_unit_that_killed_machines_is_held() {
        Job job = job("", JobState.LAUNCHED);
        put(new Entry.OfStrikes(UNIT, Strikes.add(Optional.empty(), job, "m1", NOW - 60_000)));
        put(new Entry.OfStrikes(UNIT, Strikes.add(cluster.strikes(UNIT), job, "m2", NOW - 5_000)));

        assertThat(sentences())
                .containsExactly(
                        "it comes to no further machine: 2 machines died within 2 minutes of being"
                                + " given it, the last one m2; tried again in 15 s");
    }

    @Test
    void what_can_not_be_read_is_left_as_it_is() {
        runs("m2", "");
        put(new Entry.Unreadable(new Key.OfOwner(UNIT)));

        assertThat(sentences())
                .containsExactly(
                        "where it is can't be read (it is damaged, or of a later version): it is"
                                + " left as it is until something else is asked of it");

        put(new Entry.Unreadable(new Key.OfJob(UNIT)));

        assertThat(sentences())
                .containsExactly(
                        "what is wanted of it can't be read (it is damaged, or of a later"
                                + " version): it is left as it is");
    }

    @Test
    void a_unit_on_a_machine_that_can_not_be_read_stays_there() {
        runs("m2", "");
        put(new Entry.Unreadable(new Key.OfMachine("m2")));

        assertThat(sentences())
                .containsExactly("what its machine m2 is can't be read: the unit stays there");
    }

    @Test
    void a_text_that_is_missing_or_contradicts_itself_is_named() {
        job("MachineID=m1\nGlobal=yes", JobState.LAUNCHED);

        assertThat(sentences())
                .containsExactly("its text is missing or can't be honoured: it is left as it is");
    }

    @Test
    void a_template_is_never_scheduled() {
        put(new Entry.OfJob(new Job("a@.service", "h", JobState.INACTIVE)));

        assertThat(Inquiry.of(cluster, NOW, "a@.service").orElseThrow().sentences())
                .containsExactly("a template is never scheduled; start an instance of it");
    }

    @Test
    void a_global_unit_says_on_how_many_machines_it_belongs() {
        job("Global=yes\nMachineMetadata=zone=z1", JobState.LAUNCHED);

        Why why = why();

        assertThat(why.sentences()).containsExactly("it is global, and belongs on 1 of 3 machines");
        assertThat(why.standings().getFirst().machine()).isEqualTo("core-01");
        assertThat(why.standings()).extracting(Standing::here).containsExactly(true, false, false);
    }

    @Test
    void machines_that_a_rollout_has_not_come_to_are_named() {
        Job old = job("Global=yes", JobState.LAUNCHED);
        for (String machine : List.of("m1", "m2", "m3")) {
            put(new Entry.OfPlacement(machine, UNIT, old.assignment(), NOW - 7_000));
        }
        Job fresh = job("Global=yes\nOnLost=keep", JobState.LAUNCHED);
        put(new Entry.OfPlacement("m1", UNIT, fresh.assignment(), NOW - 7_000));
        Stage stage = new Stage(Phase.RUNNING, "", NOW);
        Policy policy = new Policy(1, 10_000, 60_000, true);
        put(
                new Entry.OfRollout(
                        new Rollout(
                                UNIT,
                                fresh.hash(),
                                Optional.of(old.hash()),
                                Set.of(old.hash()),
                                policy,
                                stage,
                                "me")));

        assertThat(sentences())
                .containsExactly(
                        "it is global, and belongs on 3 of 3 machines",
                        "core-02, core-03 have the text of before until the rollout comes to"
                                + " them");
    }

    @Test
    void a_unit_that_is_not_placed_yet_says_where_it_will_go() {
        job("", JobState.LAUNCHED);

        assertThat(sentences())
                .containsExactly(
                        "it is about to go to core-01: best of 3; the engine has yet to place it");
    }

    @Test
    void a_unit_that_no_machine_can_have_says_so_and_each_machine_why() {
        job("Memory=2G\nMachineMetadata=zone=z2", JobState.LAUNCHED);

        Why why = why();

        assertThat(why.sentences()).containsExactly("no machine can have it");
        assertThat(why.standings())
                .extracting(InquiryTest::objections)
                .containsExactly(
                        "[metadata zone=z2 not met, needs 2G, 1000M free]",
                        "[needs 2G, 1000M free]",
                        "[metadata zone=z2 not met, needs 2G, 1000M free]");
    }

    @Test
    void machines_that_could_have_it_come_first_and_the_best_before_all() {
        job("MachineMetadata=zone=z1\nMachineMetadata=zone=z3", JobState.LAUNCHED);
        other("b.service", "m1");

        List<Standing> standings = why().standings();

        assertThat(standings)
                .extracting(Standing::machine)
                .containsExactly("core-03", "core-01", "core-02");
        assertThat(standings).extracting(Standing::fits).containsExactly(true, true, false);
        assertThat(standings.getFirst().scores().toString())
                .isEqualTo(
                        "[Score[ranking=instances, cost=0, words=0],"
                                + " Score[ranking=load, cost=500, words=5.0%],"
                                + " Score[ranking=units, cost=0, words=0]]");
    }

    @Test
    void a_unit_does_not_stand_in_its_own_way() {
        runs("m2", "Memory=800M\nConflicts=a.*");

        Standing there =
                why().standings().stream().filter(Standing::here).findFirst().orElseThrow();

        assertThat(there.fits()).isTrue();
        assertThat(there.scores().getLast().cost()).isZero();
        assertThat(why().standings()).as("asking moves nothing").contains(there);
    }

    private static String objections(Standing at) {
        return at.findings().stream()
                .flatMap(found -> found.objection().stream())
                .toList()
                .toString();
    }

    private List<String> sentences() {
        return why().sentences();
    }

    private Why why() {
        return Inquiry.of(cluster, NOW, UNIT).orElseThrow();
    }

    private Job job(String options, JobState desired) {
        return job(UNIT, options, desired);
    }

    private Job job(String unit, String options, JobState desired) {
        UnitFile file =
                UnitFile.parse("[Service]\nExecStart=/bin/true\n\n[X-Fleet]\n" + options + "\n");
        Job job = new Job(unit, file.hash(), desired);
        put(new Entry.OfText(file.hash(), file.text()));
        put(new Entry.OfJob(job));
        return job;
    }

    private Job runs(String machine, String options) {
        Job job = job(options, JobState.LAUNCHED);
        put(new Entry.OfOwner(UNIT, machine));
        put(new Entry.OfPlacement(machine, UNIT, job.assignment(), NOW - 7_000));
        return job;
    }

    private void other(String unit, String machine) {
        Job job = job(unit, "", JobState.LAUNCHED);
        put(new Entry.OfOwner(unit, machine));
        put(new Entry.OfPlacement(machine, unit, job.assignment(), NOW));
    }

    private void acknowledged(String machine, boolean released) {
        long placement = cluster.told(machine, UNIT).orElseThrow().revision();
        put(
                new Entry.OfAcknowledgement(
                        machine, UNIT, new Acknowledgement(placement, 1, released)));
    }

    private void put(Entry entry) {
        cluster.put(entry, ++revision);
    }
}
