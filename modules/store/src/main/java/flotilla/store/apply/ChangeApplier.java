package flotilla.store.apply;

import com.google.protobuf.Message;
import flotilla.protocol.Member;
import flotilla.protocol.MemberAddResponse;
import flotilla.protocol.MemberPromoteResponse;
import flotilla.protocol.MemberRemoveResponse;
import flotilla.protocol.MemberUpdateResponse;
import flotilla.raft.members.ConfChange;
import flotilla.store.apply.member.MemberBook;
import flotilla.store.apply.member.MemberChange;
import flotilla.store.apply.member.Wish;
import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.refusal.EtcdException;
import java.util.List;

/** Applies a change of members to a draft. Pure, as all of apply. */
public final class ChangeApplier {
    private ChangeApplier() {}

    /** A refused change leaves the draft as it is. */
    public static ChangeApplied apply(Backend.Draft draft, MemberChange change) {
        MemberBook before = MemberBook.read(draft);
        MemberChange.Source by = change.source();
        try {
            MemberBook after = before.after(change);
            after.changesSince(before).forEach(draft::add);
            Applied answer = new Applied.Done(answer(change.wishes(), after));
            return new ChangeApplied(change.change(), answer, by.origin(), by.number());
        } catch (EtcdException e) {
            Applied refused = new Applied.Refused(e.error());
            return new ChangeApplied(ConfChange.REFUSED, refused, by.origin(), by.number());
        }
    }

    /** As etcd answers the call that wished it; of several, or none, just the members. */
    private static Message answer(List<Wish> wishes, MemberBook after) {
        List<Member> members = after.members();
        Wish first = wishes.size() == 1 ? wishes.getFirst() : null;
        return switch (first) {
            case Wish.AddVoter added -> added(added.id(), after);
            case Wish.AddLearner added -> added(added.id(), after);
            case Wish.Remove _ -> MemberRemoveResponse.newBuilder().addAllMembers(members).build();
            case Wish.Promote _ ->
                    MemberPromoteResponse.newBuilder().addAllMembers(members).build();
            case Wish.Update _, Wish.Demote _ ->
                    MemberUpdateResponse.newBuilder().addAllMembers(members).build();
            case null -> MemberUpdateResponse.newBuilder().addAllMembers(members).build();
        };
    }

    private static Message added(long id, MemberBook after) {
        MemberAddResponse.Builder answer =
                MemberAddResponse.newBuilder().addAllMembers(after.members());
        after.find(id).ifPresent(answer::setMember);
        return answer.build();
    }
}
