/**
 * The consensus core, pure: an input goes in, a value that says what must now be stored, sent and
 * applied comes out. Owns the Raft protocol as Ongaro's thesis has it and etcd's practice completes
 * it. Must never know a disk, a network, a clock, a thread, a source of chance or a log for people:
 * a driver stands around it.
 *
 * <p>The packages below each hold one part of it that can be understood alone: {@link
 * flotilla.raft.log} what the log consists of, {@link flotilla.raft.members} who belongs to the
 * group.
 */
@NullMarked
package flotilla.raft;

import org.jspecify.annotations.NullMarked;
