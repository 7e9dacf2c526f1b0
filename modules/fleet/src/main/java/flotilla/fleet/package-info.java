/**
 * The cluster-wide init system: units given to the cluster run on the machine that suits them best,
 * and on another when that one is lost. Here only the daemon and its settings, which wire the
 * parts: {@code schedule} decides, {@code engine} and {@code agent} compare and act, {@code
 * registry} keeps, {@code api} answers. Read {@link flotilla.fleet.FleetDaemon} first.
 */
@NullMarked
package flotilla.fleet;

import org.jspecify.annotations.NullMarked;
