/**
 * When enough members agree: the arithmetic of majorities, single and joint (thesis 3.4, 4.3). Must
 * never know what they agree on. Read {@link flotilla.raft.quorum.Quorum} first.
 */
@NullMarked
package flotilla.raft.quorum;

import org.jspecify.annotations.NullMarked;
