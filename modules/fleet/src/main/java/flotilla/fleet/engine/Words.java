package flotilla.fleet.engine;

import flotilla.fleet.engine.Decision.Collect;
import flotilla.fleet.engine.Decision.Dismiss;
import flotilla.fleet.engine.Decision.Forget;
import flotilla.fleet.engine.Decision.Forgive;
import flotilla.fleet.engine.Decision.Move;
import flotilla.fleet.engine.Decision.Overlap;
import flotilla.fleet.engine.Decision.Place;
import flotilla.fleet.engine.Decision.Release;
import flotilla.fleet.engine.Decision.Remember;
import flotilla.fleet.engine.Decision.Renew;
import flotilla.fleet.engine.Decision.Retext;
import flotilla.fleet.engine.Decision.Steer;
import flotilla.fleet.engine.Decision.Strike;
import flotilla.fleet.engine.Decision.Update;
import flotilla.fleet.engine.Decision.Withdraw;

/** Decisions as people read them in the log and in transcripts. */
public final class Words {
    private Words() {}

    public static String of(Decision decision) {
        String what =
                switch (decision) {
                    case Place d -> "place " + d.wish().job().name() + " on " + d.to().machineId();
                    case Move d ->
                            "move %s from %s to %s"
                                    .formatted(
                                            d.wish().job().name(),
                                            d.from().machineId(),
                                            d.to().machineId());
                    case Overlap d ->
                            "start %s on %s before %s stops it"
                                    .formatted(
                                            d.wish().job().name(),
                                            d.to().machineId(),
                                            d.from().machineId());
                    case Update d ->
                            "update " + d.wish().job().name() + " on " + d.from().machineId();
                    case Renew d ->
                            "renew " + d.wish().job().name() + " on " + d.from().machineId();
                    case Withdraw d -> "withdraw " + d.unit() + " from " + d.from().machineId();
                    case Release d -> "release " + d.unit() + " from " + d.from().machineId();
                    case Strike d ->
                            "strike %d against %s on %s"
                                    .formatted(d.strikes().count(), d.unit(), d.from().machineId());
                    case Forgive d -> "forgive " + d.unit();
                    case Collect d -> "collect text " + d.hash();
                    case Remember d -> "remember " + d.machineId();
                    case Retext d -> "give %s text %s".formatted(d.next().name(), d.next().hash());
                    case Steer d ->
                            "rollout of %s is %s"
                                    .formatted(d.next().name(), d.next().phase().text());
                    case Dismiss d -> "forget rollout of " + d.set();
                    case Forget d -> "forget " + d.key() + " of " + d.machineId();
                };
        return what + " (" + decision.reason() + ")";
    }
}
