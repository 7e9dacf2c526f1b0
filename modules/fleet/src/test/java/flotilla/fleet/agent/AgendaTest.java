package flotilla.fleet.agent;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.job.JobState;
import flotilla.machine.Init.JobResult;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens concerns the units that it is about, and no others have to be seen to. */
class AgendaTest {
    private static final int EVENTS = 300;
    private static final int UNITS = 500;
    private static final String CHECKED = Rig.STOPS + "TCPHealth=127.0.0.1:1\nHealthInterval=3\n";
    private static final String APART = Rig.KEEPS + "Conflicts=u[1-3].service\n";
    private static final String ALONE = Rig.KEEPS + "Replaces=*\n";
    private static final List<String> TEXTS = List.of(Rig.KEEPS, Rig.STOPS, CHECKED, APART, ALONE);
    private static final List<String> STATES =
            List.of("active", "activating", "deactivating", "inactive", "failed");

    /** {@link Rig} compares each turn with one in which all units are seen to. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void what_was_concerned_and_what_was_waited_for_is_all_that_has_to_be_seen_to(long first) {
        for (long seed = first * 25; seed < (first + 1) * 25; seed++) {
            Random random = new Random(seed);
            Rig rig = new Rig();
            TEXTS.forEach(rig::withText);
            rig.register();
            for (int event = 0; event < EVENTS; event++) {
                happens(rig, random);
            }
        }
    }

    private static void happens(Rig rig, Random random) {
        String unit = "u" + random.nextInt(6) + ".service";
        String text = TEXTS.get(random.nextInt(TEXTS.size()));
        switch (random.nextInt(14)) {
            case 0, 1, 2 -> {
                JobState desired = random.nextInt(3) == 0 ? JobState.LOADED : JobState.LAUNCHED;
                rig.tell(unit, text, desired, 1 + random.nextInt(2));
            }
            case 3 -> rig.tell(unit, text, JobState.INACTIVE, 1);
            case 4 -> rig.untell(unit);
            case 5, 6 -> rig.becomes(unit, STATES.get(random.nextInt(STATES.size())));
            case 7, 8 -> rig.passInCluster(random.nextInt(5_000));
            case 9 -> rig.pass(random.nextInt(1 << random.nextInt(18)));
            case 10 -> rig.register();
            case 11 -> leaseHappens(rig, random);
            default -> troubleHappens(rig, random, unit, Rig.hash(text));
        }
    }

    private static void leaseHappens(Rig rig, Random random) {
        switch (random.nextInt(4)) {
            case 0 -> rig.lose();
            case 1 -> {
                rig.now += random.nextInt(20_000);
                rig.renew();
            }
            case 2 -> rig.restart();
            default -> rig.renew();
        }
    }

    private static void troubleHappens(Rig rig, Random random, String unit, String hash) {
        switch (random.nextInt(11)) {
            case 0 -> rig.deaf.add(unit);
            case 1 -> rig.deaf.clear();
            case 2 -> rig.outcomes.put(unit, Optional.empty());
            case 3 -> {
                JobResult[] results = JobResult.values();
                rig.outcomes.put(unit, Optional.of(results[random.nextInt(results.length)]));
            }
            case 4 -> rig.loadProblems.put(unit, "No space left on device");
            case 5 -> rig.loadProblems.clear();
            case 6 -> rig.storeAnswers = !rig.storeAnswers;
            case 7 -> rig.reloads = !rig.reloads;
            case 8 -> {
                rig.probesAnswer = !rig.probesAnswer;
                rig.problems.merge(unit, "refused", (_, _) -> "");
            }
            case 9 -> rig.files.remove(unit);
            default -> {
                rig.texts.remove(hash);
                rig.pass(random.nextInt(2_000));
                TEXTS.forEach(rig::withText);
            }
        }
    }

    @Test
    void what_happens_to_one_unit_gives_a_turn_to_it_alone() {
        Rig rig = Rig.inCluster();
        for (int i = 0; i < UNITS; i++) {
            rig.tell("u" + i + ".service", Rig.STOPS, JobState.LAUNCHED, 1);
        }
        rig.passInCluster(1_000);
        long before = rig.turns();

        rig.becomes("u7.service", "activating");
        rig.renew();
        rig.on(new Event.Tick());

        assertThat(rig.turns() - before).isEqualTo(1);
    }
}
