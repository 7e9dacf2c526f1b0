/**
 * A real supervisor for unit files that needs neither root nor systemd: loads unit files below a
 * root directory, runs their processes on the host and keeps their journals. Says which directives
 * it does not honour. Knows nothing of fleet. Read {@link flotilla.machine.embedded.EmbeddedInit}
 * first, then {@code Supervisor}.
 */
@NullMarked
package flotilla.machine.embedded;

import org.jspecify.annotations.NullMarked;
