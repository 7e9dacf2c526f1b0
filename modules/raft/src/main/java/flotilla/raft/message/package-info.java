/**
 * What members say to each other (thesis 3, 4, 6.4, 9.6; raftpb.Message). Values only. Must never
 * know how they are carried. Read {@link flotilla.raft.message.Message} first.
 */
@NullMarked
package flotilla.raft.message;

import org.jspecify.annotations.NullMarked;
