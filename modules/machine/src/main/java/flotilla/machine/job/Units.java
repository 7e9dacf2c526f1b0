package flotilla.machine.job;

import java.util.Set;

/** What the planner may ask about units. */
public interface Units {
    /** {@code loaded}, {@code not-found}, {@code masked}, ... */
    String load(String name);

    Dependencies dependencies(String name);

    /** Up, or about to be by itself (activating, auto-restart). */
    boolean isUp(String name);

    /** All units loaded now. */
    Set<String> names();
}
