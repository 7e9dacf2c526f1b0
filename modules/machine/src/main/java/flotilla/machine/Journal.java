package flotilla.machine;

import flotilla.platform.Registration;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * What the units of this host logged. A name that no unit can have has no lines. Safe from any
 * thread.
 */
public interface Journal {
    /** The last lines a unit logged, oldest first, at most so many; blocks while it is read. */
    List<JournalLine> last(String unit, int lines) throws IOException;

    /**
     * Lines that are there, and then every new one as it is logged, until closed. The listener may
     * block; lines it is too slow for are dropped and it is told how many.
     *
     * @throws IOException also when the journal no longer has the line of a cursor: what came
     *     between is not known to be complete
     */
    Registration follow(String unit, From from, Consumer<JournalLine> listener) throws IOException;

    /** Where a reader begins. */
    sealed interface From {
        /**
         * @param lines so many before the first new one
         */
        record Last(int lines) implements From {}

        /**
         * @param cursor of the last line that was read: {@link JournalLine#cursor}
         */
        record After(String cursor) implements From {}
    }
}
