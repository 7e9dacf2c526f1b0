package flotilla.fleet.why;

import flotilla.fleet.schedule.Standing;
import java.util.List;

/**
 * What there is to say of one unit.
 *
 * @param sentences why it is where it is, or what it waits for; never none
 * @param standings what was found at each machine, the best first; empty of a unit that wants none
 */
public record Why(List<String> sentences, List<Standing> standings) {
    public Why {
        sentences = List.copyOf(sentences);
        standings = List.copyOf(standings);
    }
}
