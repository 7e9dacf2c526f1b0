/**
 * This host: what it is and has, and the {@link flotilla.machine.Init} port through which units are
 * started, stopped and watched on it. Knows nothing of clusters. Read {@link flotilla.machine.Init}
 * first.
 */
@NullMarked
package flotilla.machine;

import org.jspecify.annotations.NullMarked;
