/**
 * The local provider: each machine is a process of this user with a loopback address and a
 * directory of its own; no root needed. Owns the directory FLOTILLA_HOME and the processes started
 * from it. Knows nothing of what a machine process does inside ({@code
 * flotilla.provision.machine}). Read {@link flotilla.provision.local.LocalHome} first, then {@link
 * flotilla.provision.local.ClusterFile}.
 */
@NullMarked
package flotilla.provision.local;

import org.jspecify.annotations.NullMarked;
