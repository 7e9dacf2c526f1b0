package flotilla.fleet.engine;

import flotilla.fleet.engine.Decision.Collect;
import flotilla.fleet.engine.Decision.Dismiss;
import flotilla.fleet.engine.Decision.Forget;
import flotilla.fleet.engine.Decision.Forgive;
import flotilla.fleet.engine.Decision.Hold;
import flotilla.fleet.engine.Decision.Move;
import flotilla.fleet.engine.Decision.Overlap;
import flotilla.fleet.engine.Decision.Place;
import flotilla.fleet.engine.Decision.Release;
import flotilla.fleet.engine.Decision.Remember;
import flotilla.fleet.engine.Decision.Renew;
import flotilla.fleet.engine.Decision.Retext;
import flotilla.fleet.engine.Decision.Steer;
import flotilla.fleet.engine.Decision.Strike;
import flotilla.fleet.engine.Decision.Target;
import flotilla.fleet.engine.Decision.Update;
import flotilla.fleet.engine.Decision.Wish;
import flotilla.fleet.engine.Decision.Withdraw;
import flotilla.fleet.job.Deed;
import flotilla.fleet.job.Deed.What;
import java.util.List;

/**
 * What a decision is in the history of its unit or machine: one line for each placement that it
 * writes or takes away, to be written in the same transaction.
 */
public final class Chronicle {
    /** Of a transaction, that one line takes: itself, and a count of those of its subject. */
    static final int OPERATIONS = 2;

    private Chronicle() {}

    /**
     * @param nowMillis wall clock, in milliseconds since 1970
     */
    public static List<Deed> of(Decision decision, long nowMillis) {
        return lines(decision).stream().map(line -> line.at(nowMillis)).toList();
    }

    private static List<Deed> lines(Decision decision) {
        return switch (decision) {
            case Place(Wish wish, Target to, _, String reason) ->
                    List.of(told(What.PLACED, wish, to.machineId(), reason));
            case Update(Wish wish, Hold from, String reason) ->
                    List.of(told(What.UPDATED, wish, from.machineId(), reason));
            case Renew(Wish wish, Hold from, _, String reason) ->
                    List.of(told(What.UPDATED, wish, from.machineId(), reason));
            case Withdraw d -> List.of(of(What.WITHDRAWN, d.unit(), d.from(), d.reason()));
            case Release d -> List.of(of(What.RELEASED, d.unit(), d.from(), d.reason()));
            case Strike d -> List.of(of(What.STRUCK, d.unit(), d.from(), d.reason()));
            case Move(Wish wish, Hold from, Target to, String reason) ->
                    List.of(told(What.MOVED, wish, to.machineId(), reason).from(from.machineId()));
            case Overlap(Wish wish, Hold from, _, Target to, String reason) ->
                    List.of(
                            told(What.PLACED, wish, to.machineId(), reason),
                            of(What.WITHDRAWN, wish.job().name(), from, reason));
            case Remember(String machine, var sighting, _, String reason) ->
                    List.of(
                            Deed.seen(
                                    sighting.isGone() ? What.GONE : What.JOINED, machine, reason));
            case Steer(var rollout, _, _) -> List.of(Deed.steered(rollout, ""));
            case Forgive _, Collect _, Forget _, Retext _, Dismiss _ -> List.of();
        };
    }

    private static Deed of(What what, String unit, Hold from, String reason) {
        return Deed.done(what, unit, from.machineId(), reason);
    }

    private static Deed told(What what, Wish wish, String machine, String reason) {
        return Deed.done(what, wish.job().name(), machine, reason).told(wish.job().assignment());
    }
}
