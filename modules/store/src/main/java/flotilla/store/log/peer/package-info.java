/**
 * The way to the other members over TCP ({@link flotilla.store.log.Transport}): each member dials
 * every other one and says all it has to say on the connection it dialled, in frames of 64 KiB at
 * most, so that what is urgent never waits behind what is large. One event loop, which is given,
 * carries all connections; only the disk is read and written elsewhere. Must never know what
 * consensus does with a message, nor what a snapshot holds. Read {@link
 * flotilla.store.log.peer.PeerTransport} first, then {@code Kind}.
 */
@NullMarked
package flotilla.store.log.peer;

import org.jspecify.annotations.NullMarked;
