/**
 * Which batches the state has seen, so that one that is sent twice is applied once (thesis 6.3).
 * Part of the state: knows no clock, proposer or network. Read {@link
 * flotilla.store.apply.session.Sessions} first.
 */
@NullMarked
package flotilla.store.apply.session;

import org.jspecify.annotations.NullMarked;
