/**
 * Ordering commands on a majority's disks: the port {@link flotilla.store.log.ReplicatedLog}, what
 * stands above it ({@link flotilla.store.log.StateMachine}) and what it is told once. Owns no
 * thread and no disk; its sub-packages do, one each: {@code wal} the log's files, {@code peer} the
 * way to the other members, {@code driver} the loop around the consensus core. Read ReplicatedLog
 * first.
 */
@NullMarked
package flotilla.store.log;

import org.jspecify.annotations.NullMarked;
