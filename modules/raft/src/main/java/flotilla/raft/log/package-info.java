/**
 * What a Raft log consists of, in raftpb's words: {@link flotilla.raft.log.Entry}, {@link
 * flotilla.raft.log.HardState}, {@link flotilla.raft.log.SnapshotMark}. Values only. Must never
 * know how or where they are kept, nor the protocol that decides about them. Read {@link
 * flotilla.raft.log.Entry} first.
 */
@NullMarked
package flotilla.raft.log;

import org.jspecify.annotations.NullMarked;
