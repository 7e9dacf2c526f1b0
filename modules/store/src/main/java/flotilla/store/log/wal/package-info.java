/**
 * A member's Raft log on its disk: the one durable truth of what it promised. Owns the files of
 * etcd's write-ahead log, their records and checksums, and the decision whether what is found is
 * whole, torn by a power cut, or damaged. Must never know what entries mean, nor decide which to
 * store, nor have a thread of its own. Read {@link flotilla.store.log.wal.Wal} first, then {@link
 * flotilla.store.log.wal.Opening}.
 */
@NullMarked
package flotilla.store.log.wal;

import org.jspecify.annotations.NullMarked;
