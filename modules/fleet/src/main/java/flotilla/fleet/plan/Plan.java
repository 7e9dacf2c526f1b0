package flotilla.fleet.plan;

import flotilla.fleet.engine.Decision;
import flotilla.fleet.schedule.Merit;
import flotilla.fleet.schedule.Refusal;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What would follow.
 *
 * @param effects what becomes of each unit that something becomes of, by name
 * @param waiting the units that would be wanted and have no machine, by name
 * @param decisions the engine's, in the order in which it would carry them out
 * @param underWay decisions that are about to be carried out anyway; the plan begins after them
 * @param settled false when the end was not found, since too much follows
 */
public record Plan(
        List<Effect> effects,
        List<Waiting> waiting,
        List<Decision> decisions,
        List<Decision> underWay,
        boolean settled) {
    public Plan {
        effects = List.copyOf(effects);
        waiting = List.copyOf(waiting);
        decisions = List.copyOf(decisions);
        underWay = List.copyOf(underWay);
    }

    /**
     * What becomes of one unit.
     *
     * @param from machines that have it now, by id
     * @param to machines that would have it then
     * @param reason the last decision's; before it, that its machine died of it, if so
     * @param merit what speaks for the machine it comes to, where it had the choice
     */
    public record Effect(
            String unit,
            Verb verb,
            Set<String> from,
            Set<String> to,
            String reason,
            Optional<Merit> merit) {
        public Effect {
            from = Collections.unmodifiableSet(new TreeSet<>(from));
            to = Collections.unmodifiableSet(new TreeSet<>(to));
        }

        /** In a word. */
        public enum Verb {
            /** It comes to a machine. */
            PLACE,
            /** It leaves one machine for another. */
            MOVE,
            /** Its machine is told something else, or machines of a global unit come or go. */
            CHANGE,
            /** It stops, and nobody wants it. */
            STOP,
            /** It stops, and no machine can have it. */
            LOSE;

            public String text() {
                return name().toLowerCase(Locale.ROOT);
            }
        }
    }

    /**
     * A unit without a machine.
     *
     * @param refusals why each machine can't have it
     */
    public record Waiting(String unit, String reason, List<Refusal> refusals) {
        public Waiting {
            refusals = List.copyOf(refusals);
        }
    }
}
