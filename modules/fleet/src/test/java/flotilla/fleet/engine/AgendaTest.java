package flotilla.fleet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Cluster;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Happenings;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Told;
import flotilla.fleet.engine.Reconciler.Verdict;
import flotilla.fleet.job.Acknowledgement;
import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Now;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A pass over what is on the agenda decides what a pass over everything would. */
class AgendaTest {
    private static final int SEEDS = 60;
    private static final int EVENTS = 150;

    /** More would be needed only if units that may leave their machine never came to an end. */
    private static final int SETTLINGS = 20;

    private final Cluster cluster = new Cluster();
    private final Agenda agenda = new Agenda();
    private final Absences absences = new Absences();
    private long millis;
    private long revision;

    @Test
    void what_changed_and_what_was_not_at_rest_is_all_that_has_to_be_looked_at() {
        for (int seed = 0; seed < SEEDS; seed++) {
            AgendaTest test = new AgendaTest();
            Happenings happenings =
                    new Happenings(seed, Eligibility.CORDONED, Eligibility.DRAINING);
            Random random = new Random(seed);
            for (int event = 0; event < EVENTS; event++) {
                test.millis += random.nextInt(4_000);
                test.take(happenings.next(++test.revision, test.now().wallMillis()));
                test.obey(random);
                test.settle();
                Verdict looked =
                        Reconciler.decide(test.cluster, test.agenda, test.absences, test.now());

                assertThat(words(looked))
                        .as("seed %d, event %d", seed, event)
                        .isEqualTo(words(test.everything()));

                looked.decisions().stream()
                        .filter(_ -> random.nextInt(4) > 0)
                        .forEach(test::carryOut);
            }
        }
    }

    private Now now() {
        return new Now(millis, World.BEGUN + millis);
    }

    private void settle() {
        for (int i = 0; i < SETTLINGS; i++) {
            var _ = cluster.schedule(now().wallMillis());
        }
    }

    private Verdict everything() {
        Agenda all = new Agenda();
        all.all(cluster);
        return Reconciler.decide(cluster, all, absences, now());
    }

    private static List<String> words(Verdict verdict) {
        List<String> words = new ArrayList<>();
        verdict.decisions().forEach(decision -> words.add(Words.of(decision)));
        words.add("wake at " + verdict.wakeAtMillis());
        return words;
    }

    private void take(Change change) {
        switch (change) {
            case Change.Put(Entry entry, long at) -> {
                cluster.put(entry, at);
                agenda.changed(entry.key(), cluster);
            }
            case Change.Removed(Key key) -> {
                cluster.remove(key);
                agenda.changed(key, cluster);
                if (key instanceof Key.OfMachine(String machine)) {
                    absences.gone(machine, millis);
                }
            }
        }
    }

    private void carryOut(Decision decision) {
        Transaction transaction = Transaction.of(decision, now().wallMillis());
        revision++;
        transaction.puts().forEach(entry -> take(new Change.Put(entry, revision)));
        transaction.deletes().forEach(key -> take(new Change.Removed(key)));
    }

    /** Some of the machines that are there do what they are told. */
    private void obey(Random random) {
        for (String unit : cluster.units()) {
            for (Map.Entry<String, Told> told : Map.copyOf(cluster.told(unit)).entrySet()) {
                if (cluster.hasMachine(told.getKey())
                        && told.getValue().assignment().isPresent()
                        && random.nextBoolean()) {
                    answer(told.getKey(), unit, told.getValue());
                }
            }
        }
    }

    private void answer(String machine, String unit, Told told) {
        Assignment assignment = told.assignment().orElseThrow();
        Acknowledgement said =
                new Acknowledgement(
                        told.revision(), assignment.generation(), assignment.isWithdrawn());
        revision++;
        take(new Change.Put(new Entry.OfAcknowledgement(machine, unit, said), revision));
    }
}
