/**
 * Consensus: {@link flotilla.store.log.ReplicatedLog} is the port, Apache Ratis stands behind it in
 * {@link flotilla.store.raft.RatisLog}. It orders commands and knows nothing of what they mean;
 * nothing outside this package knows of Ratis. Read ReplicatedLog first, then Proposer for the way
 * of a write and ReadGate for why a read is never stale.
 */
@NullMarked
package flotilla.store.raft;

import org.jspecify.annotations.NullMarked;
