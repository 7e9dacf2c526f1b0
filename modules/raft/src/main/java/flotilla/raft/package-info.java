/**
 * The consensus core, pure: an input goes in, a value that says what must now be stored, sent and
 * applied comes out. Owns the Raft protocol as Ongaro's thesis ("Consensus: bridging theory and
 * practice", 2014; sections are cited as 3.5) has it and etcd's practice completes it. Must never
 * know a disk, a network, a clock, a thread, a source of chance or a log for people: a driver
 * stands around it. Read {@link flotilla.raft.Raft} first, then {@link flotilla.raft.Ready}, which
 * holds the contract with the driver, then {@link flotilla.raft.Role}.
 *
 * <h2>No entry is kept here</h2>
 *
 * A core that holds the entries holds them twice, for the log on disk keeps a cache of its own, and
 * needs rules for when to let them go. This one knows the log by its {@linkplain
 * flotilla.raft.log.LogOutline outline}: terms, which come in runs, and where the members change.
 * It names stretches; the driver, which has the bytes, puts them in. Of sizes, for windows and
 * budgets, it asks {@link flotilla.raft.log.LogView}, one subtraction for a log that knows the
 * position of each entry. The price is one duty of the driver: a stretch is filled from the log it
 * was named in, or not at all ({@link flotilla.raft.Ready}); the terms at its ends let it check.
 *
 * <h2>Writes have numbers</h2>
 *
 * Storing, sending and applying overlap, so the core must know what a completion completes. Neither
 * an index nor an index with its term says: the same entries may be written, overwritten and
 * written again ({@link flotilla.raft.Writes}). The number of a write does.
 *
 * <h2>Levels, not edges</h2>
 *
 * Inputs change what a role knows, {@code settle} does what that makes due: no list of places that
 * must each remember to commit, to send or to answer. It also makes batches: inputs that queued go
 * in together and come out together.
 *
 * <p>The packages below each hold one part that can be understood alone: {@link flotilla.raft.log}
 * what a log consists of, {@link flotilla.raft.message} what members say to each other, {@link
 * flotilla.raft.members} who belongs to the group, {@link flotilla.raft.quorum} when enough agree,
 * {@link flotilla.raft.progress} what a leader knows of a follower.
 */
@NullMarked
package flotilla.raft;

import org.jspecify.annotations.NullMarked;
