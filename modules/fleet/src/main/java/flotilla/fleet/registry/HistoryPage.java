package flotilla.fleet.registry;

import flotilla.fleet.job.Deed;
import java.util.List;
import java.util.Optional;

/**
 * Some lines of history, oldest first.
 *
 * @param older the first one's place, before which there are more; empty when there are not
 */
public record HistoryPage(List<Deed> lines, Optional<HistoryPlace> older) {
    public HistoryPage {
        lines = List.copyOf(lines);
    }
}
