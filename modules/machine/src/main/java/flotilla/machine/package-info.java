/**
 * This host: the ports through which units are started, stopped and watched on it ({@link
 * flotilla.machine.Init}), their logs are read ({@link flotilla.machine.Journal}), and it is asked
 * and told what concerns it as a whole ({@link flotilla.machine.Host}). Knows nothing of clusters.
 * Read {@link flotilla.machine.Init} first.
 */
@NullMarked
package flotilla.machine;

import org.jspecify.annotations.NullMarked;
