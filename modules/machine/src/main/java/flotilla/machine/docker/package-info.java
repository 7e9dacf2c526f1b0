/**
 * Docker behind {@link flotilla.machine.ContainerEngine}. Knows nothing of units, which run it by
 * its own command.
 */
@NullMarked
package flotilla.machine.docker;

import org.jspecify.annotations.NullMarked;
