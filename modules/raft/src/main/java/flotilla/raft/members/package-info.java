/**
 * Who belongs to the group, and how that changes. Must never know the log, messages or terms. Read
 * {@link flotilla.raft.members.ConfState} first.
 */
@NullMarked
package flotilla.raft.members;

import org.jspecify.annotations.NullMarked;
