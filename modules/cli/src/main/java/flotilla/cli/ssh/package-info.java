/**
 * OpenSSH's client, as fleetctl calls it: to machines, and as a tunnel to fleet's API. Knows
 * nothing of fleet. Read {@link flotilla.cli.ssh.OpenSsh} first.
 */
@NullMarked
package flotilla.cli.ssh;

import org.jspecify.annotations.NullMarked;
