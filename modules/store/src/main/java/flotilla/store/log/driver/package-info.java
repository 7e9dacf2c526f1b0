/**
 * The loop around the consensus core ({@link flotilla.raft.Raft}): carries out what each step of it
 * asks for, on four threads, each the owner of its part: the core's loop, the log's writer, the
 * state machine's applier, and one for snapshots. Knows neither sockets nor files: they stand
 * behind {@link flotilla.store.log.Transport}, {@link flotilla.store.log.SnapshotShelf} and {@code
 * platform.disk.Directory}, and its threads and time come from outside, so that the simulator runs
 * it as it is.
 */
@NullMarked
package flotilla.store.log.driver;

import org.jspecify.annotations.NullMarked;
