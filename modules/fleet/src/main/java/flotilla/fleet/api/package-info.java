/**
 * fleet's HTTP API, version 1, with the original's paths, codes and bodies, and what we add below
 * {@code /flotilla/v1}: why a unit is not placed, logs, resources, a stream of events. And {@link
 * flotilla.fleet.api.FleetClient} for its other end. Places nothing itself. Read {@link
 * flotilla.fleet.api.Api} first.
 */
@NullMarked
package flotilla.fleet.api;

import org.jspecify.annotations.NullMarked;
