/**
 * fleetctl: one class per command, with the original's columns and words. Talks to fleet's API
 * only. Read {@link flotilla.cli.fleetctl.FleetctlCommands} first.
 */
@NullMarked
package flotilla.cli.fleetctl;

import org.jspecify.annotations.NullMarked;
