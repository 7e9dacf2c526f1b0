package flotilla.conformance.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What goes wrong in a run, one thing after the other, all of it drawn from a seed. */
record FaultPlan(List<Strike> strikes) {
    /** Answers between two faults, and while one lasts, at least; so that each meets real work. */
    private static final int ANSWERS_MIN = 60;

    /** Chance adds up to as many. */
    private static final int ANSWERS_MORE = 200;

    /**
     * @param member counted from 0
     * @param after so many answers
     * @param lasts for so many answers
     */
    record Strike(Fault fault, int member, int after, int lasts) {}

    FaultPlan {
        strikes = List.copyOf(strikes);
    }

    /** Each kind in turn, with members and moments left to chance. */
    static FaultPlan of(List<Fault> faults, int members, long seed) {
        Random random = new Random(seed);
        List<Strike> strikes = new ArrayList<>();
        for (Fault fault : faults) {
            strikes.add(
                    new Strike(
                            fault,
                            random.nextInt(members),
                            ANSWERS_MIN + random.nextInt(ANSWERS_MORE),
                            ANSWERS_MIN + random.nextInt(ANSWERS_MORE)));
        }
        return new FaultPlan(strikes);
    }
}
