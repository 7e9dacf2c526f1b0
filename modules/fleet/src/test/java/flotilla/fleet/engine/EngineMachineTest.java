package flotilla.fleet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.engine.Action.Carry;
import flotilla.fleet.engine.Action.WakeAt;
import flotilla.fleet.engine.Event.Changed;
import flotilla.fleet.engine.Event.Done;
import flotilla.fleet.engine.Event.Listed;
import flotilla.fleet.engine.Event.Refused;
import flotilla.fleet.engine.Event.Tick;
import flotilla.fleet.engine.Event.Unknown;
import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Machine;
import flotilla.fleet.job.Now;
import flotilla.units.UnitFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When the engine decides, and when it waits. */
class EngineMachineTest {
    private static final UnitFile TEXT = UnitFile.parse("[Service]\nExecStart=/bin/x\n");

    private final EngineMachine engine = new EngineMachine();
    private final Entry machine =
            new Entry.OfMachine(new Machine("m1", "", "m1", Map.of(), Capacity.UNKNOWN, ""));
    private final Entry text = new Entry.OfText(TEXT.hash(), TEXT.fleetText());
    private final Entry job = new Entry.OfJob(new Job("a.service", TEXT.hash(), JobState.LAUNCHED));
    private long millis;

    private List<Action> on(Event event) {
        return engine.on(event, new Now(millis, World.BEGUN + millis));
    }

    private static Listed listing(long revision, Entry... entries) {
        List<Stored> all = new ArrayList<>();
        for (Entry entry : entries) {
            all.add(new Stored(entry, 1));
        }
        return new Listed(all, revision);
    }

    private static Changed news(long revision, Entry... entries) {
        List<Change> changes = new ArrayList<>();
        for (Entry entry : entries) {
            changes.add(new Change.Put(entry, revision));
        }
        return new Changed(changes, revision);
    }

    private static List<String> words(List<Action> actions) {
        List<String> words = new ArrayList<>();
        for (Action action : actions) {
            if (action instanceof Carry carry) {
                words.add(carry.number() + " " + Words.of(carry.decision()));
            }
        }
        return words;
    }

    private static long wake(List<Action> actions) {
        return actions.getLast() instanceof WakeAt wake ? wake.monotonicMillis() : -1;
    }

    private void begins() {
        assertThat(words(on(listing(5, machine, text, job))))
                .containsExactly(
                        "1 remember m1 (it is there)",
                        "2 place a.service on m1 (the one machine that fits)");
    }

    @Test
    void nothing_is_decided_before_all_is_known() {
        assertThat(words(on(new Tick()))).isEmpty();
        assertThat(words(on(news(4, machine, text, job)))).isEmpty();

        begins();
    }

    @Test
    void nothing_is_decided_again_before_every_outcome_is_known_and_heard_of() {
        begins();
        assertThat(words(on(new Tick()))).isEmpty();
        assertThat(words(on(news(6, job)))).as("while outcomes are waited for").isEmpty();
        assertThat(words(on(new Done(1, 7)))).isEmpty();
        assertThat(words(on(new Done(2, 8)))).as("before its own write is heard of").isEmpty();
        assertThat(words(on(new Tick()))).isEmpty();
        assertThat(words(on(news(7)))).isEmpty();

        assertThat(words(on(news(8))))
                .as("the model goes by what was heard, not by what was written")
                .containsExactly(
                        "3 remember m1 (it is there)",
                        "4 place a.service on m1 (the one machine that fits)");
    }

    @Test
    void once_it_has_heard_of_its_write_there_is_nothing_to_do_for_an_hour() {
        begins();
        on(new Done(1, 6));
        on(new Done(2, 6));

        List<Action> actions =
                on(
                        news(
                                6,
                                new Entry.OfSighting(
                                        "m1",
                                        new flotilla.fleet.job.Sighting(Machine.FENCE_MILLIS, 0)),
                                new Entry.OfOwner("a.service", "m1"),
                                new Entry.OfPlacement(
                                        "m1",
                                        "a.service",
                                        ((Entry.OfJob) job).job().assignment(),
                                        World.BEGUN)));

        assertThat(words(actions)).isEmpty();
        assertThat(wake(actions)).isEqualTo(EngineMachine.IDLE.toMillis());
    }

    @Test
    void what_was_refused_is_decided_anew_with_the_news_or_after_a_pause() {
        begins();
        on(new Done(1, 5));
        List<Action> actions = on(new Refused(2));
        assertThat(words(actions)).as("no sooner than it knows why").isEmpty();
        assertThat(wake(actions)).isEqualTo(EngineMachine.RETRY.toMillis());
        millis = EngineMachine.RETRY.toMillis();

        assertThat(words(on(new Tick()))).hasSize(2);
    }

    @Test
    void what_came_to_an_unknown_end_is_looked_at_by_the_watch() {
        begins();
        on(new Done(1, 5));
        assertThat(words(on(new Unknown(2)))).isEmpty();

        List<Action> actions =
                on(
                        news(
                                6,
                                new Entry.OfOwner("a.service", "m1"),
                                new Entry.OfPlacement(
                                        "m1",
                                        "a.service",
                                        ((Entry.OfJob) job).job().assignment(),
                                        World.BEGUN)));

        assertThat(words(actions))
                .as("it happened, as the watch tells")
                .containsExactly("3 remember m1 (it is there)");
    }

    @Test
    void a_new_listing_takes_the_place_of_all_that_was_heard() {
        begins();
        on(new Done(1, 6));
        on(new Done(2, 6));

        assertThat(words(on(listing(9, machine)))).containsExactly("3 remember m1 (it is there)");
        assertThat(words(on(new Changed(List.of(new Change.Removed(new Key.OfMachine("m1"))), 10))))
                .as("until that is done")
                .isEmpty();
    }
}
