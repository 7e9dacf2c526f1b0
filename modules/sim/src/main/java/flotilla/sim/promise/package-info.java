/**
 * What must hold after every event, whatever happens: of the consensus, of the state, of what
 * clients were told, of leases and watches. Sees the members from outside only: their messages,
 * what they apply, what they answer. Read {@link flotilla.sim.promise.Promises} first.
 */
@NullMarked
package flotilla.sim.promise;

import org.jspecify.annotations.NullMarked;
