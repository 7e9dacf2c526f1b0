/**
 * Who may ask fleet's API for what, and what is written down of it. Knows the API by its {@link
 * flotilla.fleet.api.Route}s alone. Read {@link flotilla.fleet.gate.Gate} first.
 */
@NullMarked
package flotilla.fleet.gate;

import org.jspecify.annotations.NullMarked;
