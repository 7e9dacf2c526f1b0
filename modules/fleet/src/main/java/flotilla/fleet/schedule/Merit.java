package flotilla.fleet.schedule;

import java.util.List;
import java.util.Optional;

/**
 * What speaks for the machine that a unit has come to.
 *
 * @param next the best of the others that could have had it; empty where there was none
 */
public record Merit(Rival best, Optional<Rival> next) {
    /**
     * A machine as it ranked then.
     *
     * @param machine its name for people
     * @param scores the first weighs most
     */
    public record Rival(String machineId, String machine, List<Score> scores) {
        public Rival {
            scores = List.copyOf(scores);
        }
    }
}
