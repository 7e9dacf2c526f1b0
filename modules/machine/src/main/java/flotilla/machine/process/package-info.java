/**
 * Processes of this host as an init needs them: started in a session of their own, marked, found
 * again after they daemonise, signalled, reaped; and the notify socket. Knows no unit file. Read
 * {@link flotilla.machine.process.Spawner} first.
 */
@NullMarked
package flotilla.machine.process;

import org.jspecify.annotations.NullMarked;
