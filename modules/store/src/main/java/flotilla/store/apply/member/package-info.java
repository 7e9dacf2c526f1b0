/**
 * Who the members are, as part of the replicated state: {@link
 * flotilla.store.apply.member.MemberBook} holds them as of one applied entry and says what a change
 * makes of them, {@link flotilla.store.apply.member.MemberChange} is a change as the log carries
 * it, {@link flotilla.store.apply.member.StrictCheck} says which one not even to propose. Knows no
 * network, disk or clock. Read {@code MemberBook} first.
 */
@NullMarked
package flotilla.store.apply.member;

import org.jspecify.annotations.NullMarked;
