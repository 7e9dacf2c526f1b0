package flotilla.fleet.engine;

import flotilla.fleet.engine.Decision.Collect;
import flotilla.fleet.engine.Decision.Forgive;
import flotilla.fleet.engine.Decision.Move;
import flotilla.fleet.engine.Decision.Place;
import flotilla.fleet.engine.Decision.Strike;
import flotilla.fleet.engine.Decision.Update;
import flotilla.fleet.engine.Decision.Withdraw;

/** Decisions as people read them in the log and in transcripts. */
final class Words {
    private Words() {}

    static String of(Decision decision) {
        String what =
                switch (decision) {
                    case Place place -> "place " + place.job().name() + " on " + place.machineId();
                    case Move move ->
                            "move %s from %s to %s"
                                    .formatted(move.job().name(), move.from(), move.to());
                    case Update update ->
                            "update " + update.job().name() + " on " + update.machineId();
                    case Withdraw withdraw ->
                            "withdraw " + withdraw.unit() + " from " + withdraw.machineId();
                    case Strike strike ->
                            "strike %d against %s on %s"
                                    .formatted(
                                            strike.strikes().count(),
                                            strike.unit(),
                                            strike.machineId());
                    case Forgive forgive -> "forgive " + forgive.unit();
                    case Collect collect -> "collect text " + collect.hash();
                };
        return what + " (" + decision.reason() + ")";
    }
}
