package flotilla.fleet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Sighting;
import flotilla.fleet.job.Strikes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What can't be read is left alone, and what may belong to it is kept: {@link World}. */
class LeftAloneTest {
    private static final long DAY = Duration.ofDays(1).toSeconds();

    private final World world = new World();

    @BeforeEach
    void a_unit_and_a_global_one_run_on_m1() {
        world.boots("m1");
        world.job("a.service", "", JobState.LAUNCHED);
        world.job("g.service", "Global=true", JobState.LAUNCHED);
        world.at(0);
        world.acknowledges("m1", "a.service");
        world.acknowledges("m1", "g.service");
        world.at(1);
        world.boots("m2");
        assertThat(world.at(2)).containsExactly("place g.service on m2 (global)");
    }

    private void blur(Key key) {
        world.put(new Entry.Unreadable(key));
    }

    /** Of a unit that would have to move otherwise. */
    static List<Key> ofTheUnit() {
        return List.of(
                new Key.OfJob("a.service"),
                new Key.OfOwner("a.service"),
                new Key.OfPlacement("m1", "a.service"));
    }

    @ParameterizedTest
    @MethodSource("ofTheUnit")
    void a_unit_of_which_something_can_not_be_read_stays_as_it_is(Key key) {
        blur(key);
        world.put(new Entry.OfEligibility("m1", Eligibility.DRAINING));

        assertThat(world.at(3))
                .containsExactly("withdraw g.service from m1 (its machine is drained)");
        world.anotherEngine();
        assertThat(world.at(4)).as("one that has read nothing of before").isEmpty();
        assertThat(world.has(new Key.OfPlacement("m1", "a.service"))).isTrue();
        assertThat(world.has(new Key.OfPlacement("m2", "a.service"))).isFalse();
    }

    @ParameterizedTest
    @MethodSource("ofTheUnit")
    void a_unit_that_is_left_alone_keeps_the_room_it_has(Key key) {
        blur(key);
        world.job("c.service", "Conflicts=a.service", JobState.LAUNCHED);

        assertThat(world.at(3)).hasSize(1).first().asString().startsWith("place c.service on m2");
    }

    @ParameterizedTest
    @MethodSource("ofTheUnit")
    void no_text_comes_beside_one_that_it_conflicts_with_and_that_can_not_leave(Key key) {
        world.put(new Entry.OfEligibility("m2", Eligibility.CORDONED));
        world.job("0.service", "", JobState.LAUNCHED);
        assertThat(world.at(3)).singleElement().asString().startsWith("place 0.service on m1");
        world.acknowledges("m1", "0.service");
        blur(key);

        world.job("0.service", "Conflicts=a.service", JobState.LAUNCHED);

        assertThat(world.at(4)).noneMatch(words -> words.startsWith("update 0.service on m1"));
    }

    /** It may conflict with anything: seed 128 of the simulated fleets. */
    @Test
    void nothing_comes_beside_a_unit_of_which_no_text_can_be_read() {
        blur(new Key.OfJob("a.service"));
        blur(new Key.OfPlacement("m1", "a.service"));
        world.job("c.service", "MachineID=m1", JobState.LAUNCHED);
        world.job("d.service", "MachineID=m2", JobState.LAUNCHED);

        assertThat(world.at(3)).singleElement().asString().startsWith("place d.service on m2");

        world.remove(new Key.OfPlacement("m1", "a.service"));
        assertThat(world.at(4)).singleElement().asString().startsWith("place c.service on m1");
    }

    /** Seed 2712 of the simulated fleets. */
    @Test
    void no_unit_follows_one_that_is_left_alone_to_where_that_one_does_not_come() {
        blur(new Key.OfJob("a.service"));
        world.dies("m1");
        world.job("c.service", "MachineOf=a.service", JobState.LAUNCHED);

        assertThat(world.at(300)).noneMatch(words -> words.startsWith("place c.service"));

        world.boots("m1");
        assertThat(world.at(301)).anyMatch(words -> words.startsWith("place c.service on m1"));
    }

    @Test
    void what_speaks_against_a_unit_of_which_nothing_can_be_read_is_kept() {
        Entry note =
                new Entry.OfStrikes(
                        "a.service", new Strikes(world.job("a.service").hash(), 2, 1, "m3"));
        world.put(note);
        blur(new Key.OfJob("a.service"));

        assertThat(world.at(300)).isEmpty();

        assertThat(world.has(note.key())).isTrue();
    }

    @Test
    void a_placement_that_can_not_be_read_is_written_anew_once_something_is_asked_of_its_unit() {
        blur(new Key.OfPlacement("m1", "a.service"));
        assertThat(world.at(3)).isEmpty();

        world.put(new Entry.OfJob(world.job("a.service").with(JobState.LOADED)));

        assertThat(world.at(4))
                .containsExactly("update a.service on m1 (its machine was not told)");
    }

    @Test
    void a_unit_that_is_destroyed_stays_while_its_placement_can_not_be_read() {
        blur(new Key.OfPlacement("m1", "a.service"));
        world.remove(new Key.OfJob("a.service"));

        assertThat(world.at(3)).isEmpty();
        assertThat(world.owner("a.service")).contains("m1");
    }

    @Test
    void an_acknowledgement_that_can_not_be_read_is_none() {
        world.job("a.service", "", JobState.INACTIVE);
        world.at(3);
        world.acknowledges("m1", "a.service");
        blur(new Key.OfAcknowledgement("m1", "a.service"));
        assertThat(world.at(4)).isEmpty();

        world.acknowledges("m1", "a.service");
        assertThat(world.at(5)).containsExactly("release a.service from m1 (wanted inactive)");
    }

    static List<Key> ofTheMachine() {
        return List.of(new Key.OfMachine("m1"), new Key.OfMetadata("m1", "role"));
    }

    @ParameterizedTest
    @MethodSource("ofTheMachine")
    void a_machine_that_can_not_be_read_is_there_keeps_what_it_has_and_gets_nothing(Key key) {
        blur(key);
        world.job("b.service", "MachineID=m1", JobState.LAUNCHED);
        world.job("h.service", "Global=true", JobState.LAUNCHED);

        assertThat(world.at(3)).containsExactly("place h.service on m2 (global)");
        world.anotherEngine();
        assertThat(world.at(1_000)).isEmpty();
        assertThat(world.owner("a.service")).contains("m1");
        assertThat(world.has(new Key.OfPlacement("m1", "g.service"))).isTrue();

        // What people ask of what it has is passed on.
        world.put(new Entry.OfJob(world.job("a.service").with(JobState.LOADED)));
        assertThat(world.at(1_001)).containsExactly("update a.service on m1 (wanted loaded)");
        world.put(new Entry.OfJob(world.job("a.service").with(JobState.INACTIVE)));
        assertThat(world.at(1_002)).containsExactly("withdraw a.service from m1 (wanted inactive)");
    }

    /** Nobody has judged what it would be beside: seed 15532 of the simulated fleets. */
    @ParameterizedTest
    @MethodSource("ofTheMachine")
    void a_machine_that_can_not_be_read_gets_no_other_text_of_what_it_has(Key key) {
        blur(key);
        world.job("a.service", "Memory=1M", JobState.LAUNCHED);
        world.job("g.service", "Global=true\nMemory=1M", JobState.LAUNCHED);

        assertThat(world.at(3)).containsExactly("update g.service on m2 (another text)");

        world.remove(key);
        world.boots("m1");
        assertThat(world.at(4))
                .containsExactlyInAnyOrder(
                        "update a.service on m1 (another text)",
                        "update g.service on m1 (another text)");
    }

    @ParameterizedTest
    @MethodSource("ofTheMachine")
    void what_was_to_leave_a_machine_does_not_come_back_while_it_can_not_be_read(Key key) {
        world.put(new Entry.OfEligibility("m1", Eligibility.DRAINING));
        assertThat(world.at(3)).anyMatch(words -> words.startsWith("withdraw a.service from m1"));
        world.acknowledges("m1", "a.service");
        blur(key);

        assertThat(world.at(4)).noneMatch(words -> words.contains("a.service on m1"));

        world.remove(key);
        world.boots("m1");
        assertThat(world.at(5)).anyMatch(words -> words.startsWith("move a.service"));
    }

    static List<Key> ofAnything() {
        return List.of(
                new Key.OfJob("a.service"),
                new Key.OfMachine("m1"),
                new Key.OfOwner("a.service"),
                new Key.OfPlacement("m1", "a.service"),
                new Key.OfAcknowledgement("m1", "a.service"),
                new Key.OfText("x"),
                new Key.Unknown("later/x"));
    }

    @ParameterizedTest
    @MethodSource("ofAnything")
    void while_something_can_not_be_read_no_text_is_collected(Key key) {
        blur(key);
        Job job = world.job("t@.service", "Memory=1M", JobState.INACTIVE);
        world.remove(new Key.OfJob("t@.service"));
        world.at(3);
        assertThat(world.has(new Key.OfText(job.hash()))).isTrue();

        world.remove(key);
        world.at(4);

        assertThat(world.has(new Key.OfText(job.hash()))).isFalse();
    }

    @Test
    void a_text_is_kept_as_long_as_a_machine_is_told_of_it() {
        Key text = new Key.OfText(world.job("a.service").hash());
        world.remove(new Key.OfJob("g.service"));
        world.job("a.service", "", JobState.INACTIVE);
        world.remove(new Key.OfJob("a.service"));
        world.at(3);
        assertThat(world.has(text)).isTrue();

        world.acknowledges("m1", "a.service");
        world.at(4);

        assertThat(world.has(text)).isFalse();
    }

    @Test
    void what_people_said_of_a_machine_goes_once_it_has_been_gone_for_thirty_days() {
        Key role = new Key.OfMetadata("m2", "role");
        Key word = new Key.OfEligibility("m2");
        world.put(new Entry.OfMetadata("m2", "role", Optional.of("db")));
        world.put(new Entry.OfEligibility("m2", Eligibility.CORDONED));
        world.dies("m2");
        world.at(3);

        world.at(29 * DAY);
        assertThat(world.has(role)).isTrue();
        blur(new Key.Unknown("later/x"));
        world.at(29 * DAY + 1);
        world.at(40 * DAY);
        assertThat(world.has(role)).as("while something can't be read").isTrue();
        world.remove(new Key.Unknown("later/x"));
        world.at(41 * DAY);

        assertThat(world.has(role)).isFalse();
        assertThat(world.has(word)).isFalse();
        assertThat(world.has(new Key.OfSighting("m2"))).isFalse();
        assertThat(world.has(new Key.OfSighting("m1"))).isTrue();
    }

    @Test
    void a_machine_that_was_back_meanwhile_is_remembered_from_anew() {
        Key role = new Key.OfMetadata("m2", "role");
        world.put(new Entry.OfMetadata("m2", "role", Optional.of("db")));
        world.dies("m2");
        world.at(3);
        world.boots("m2");
        world.at(20 * DAY);
        world.dies("m2");
        world.at(20 * DAY + 1);

        world.at(31 * DAY);

        assertThat(world.has(role)).isTrue();
        assertThat(world.get(new Key.OfSighting("m2")))
                .isEqualTo(
                        new Entry.OfSighting(
                                "m2",
                                new Sighting(
                                        World.FENCE_MILLIS, World.BEGUN + (20 * DAY + 1) * 1000)));
    }

    @Test
    void metadata_of_a_machine_that_nobody_ever_saw_is_kept_as_long() {
        Key role = new Key.OfMetadata("m9", "role");
        world.put(new Entry.OfMetadata("m9", "role", Optional.of("db")));
        world.at(3);
        world.at(29 * DAY);
        assertThat(world.has(role)).isTrue();

        world.at(31 * DAY);

        assertThat(world.has(role)).isFalse();
    }

    @Test
    void what_is_remembered_but_can_not_be_read_is_not_written_over() {
        blur(new Key.OfSighting("m1"));
        world.at(3);

        assertThat(world.get(new Key.OfSighting("m1"))).isInstanceOf(Entry.Unreadable.class);
    }
}
