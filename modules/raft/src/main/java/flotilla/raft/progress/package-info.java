/**
 * What a leader knows of each follower's log, and how fast it may send (thesis 3.5, 10.2.1; etcd's
 * tracker). Must never know messages, terms or who votes. Read {@link
 * flotilla.raft.progress.Progress} first.
 */
@NullMarked
package flotilla.raft.progress;

import org.jspecify.annotations.NullMarked;
