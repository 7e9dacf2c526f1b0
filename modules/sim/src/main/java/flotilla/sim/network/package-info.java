/**
 * The way between members: {@link flotilla.store.log.Transport} over a network that loses, doubles,
 * delays and reorders, and can be cut one way or both. Read {@link flotilla.sim.network.Network}
 * first.
 */
@NullMarked
package flotilla.sim.network;

import org.jspecify.annotations.NullMarked;
