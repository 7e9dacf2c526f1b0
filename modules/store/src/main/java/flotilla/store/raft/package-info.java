/**
 * Consensus: {@link flotilla.store.raft.ReplicatedLog} is the port, Apache Ratis stands behind it.
 * Nothing outside this package knows of Ratis.
 */
@NullMarked
package flotilla.store.raft;

import org.jspecify.annotations.NullMarked;
