package flotilla.raft;

import flotilla.raft.Outcome.Refused;
import flotilla.raft.Outcome.Why;
import flotilla.raft.message.Message.ReadRefused;
import java.util.function.LongConsumer;

/** What somebody hears who asks a member that doesn't lead: who does, as far as it knows. */
final class NotLeading implements Role.Requests {
    private final Member member;
    private final LongConsumer readElsewhere;

    /**
     * @param readElsewhere takes the id of a read of this member's own clients
     */
    NotLeading(Member member, LongConsumer readElsewhere) {
        this.member = member;
        this.readElsewhere = readElsewhere;
    }

    @Override
    public Outcome propose(Input.Propose proposal) {
        return refused();
    }

    @Override
    public Outcome proposeChange(Input.ProposeChange proposal) {
        return refused();
    }

    @Override
    public Outcome transfer(long to) {
        return refused();
    }

    @Override
    public void read(long from, long id) {
        if (from == member.id()) {
            readElsewhere.accept(id);
        } else {
            member.out.now(new ReadRefused(member.id(), from, id));
        }
    }

    private Refused refused() {
        String detail =
                member.leader == 0
                        ? "no leader is known: ask again when one is elected"
                        : "member " + Long.toHexString(member.leader) + " leads: ask it";
        return new Refused(Why.NOT_LEADER, member.leader, detail);
    }
}
