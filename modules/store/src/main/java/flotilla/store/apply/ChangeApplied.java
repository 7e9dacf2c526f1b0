package flotilla.store.apply;

import flotilla.raft.members.ConfChange;
import flotilla.store.apply.member.MemberChange;
import flotilla.store.apply.refusal.EtcdError;

/**
 * What applying a change of members came to.
 *
 * @param change what the consensus core must do now; {@link ConfChange#REFUSED} for nothing, as on
 *     every member
 * @param answer for who proposed it: etcd's answer with the new members, its header empty, or the
 *     refusal
 * @param origin who proposed it; 0 for the core itself
 * @param number its number there
 */
public record ChangeApplied(ConfChange change, Applied answer, long origin, long number) {
    /** Of an entry that was applied in an earlier run: what it meant is in the state already. */
    public static ChangeApplied before(MemberChange change) {
        return new ChangeApplied(
                ConfChange.REFUSED,
                new Applied.Refused(EtcdError.TIMEOUT),
                change.source().origin(),
                change.source().number());
    }
}
