package flotilla.store.apply.member;

import flotilla.protocol.Member;
import flotilla.raft.members.ConfState;
import java.util.stream.LongStream;

/** Short words for members: number 3 is called m3 and is reached at http://m3:1. */
public final class Members {
    public static final MemberChange.Source SOMEBODY = new MemberChange.Source(77, 5, 1);

    private Members() {}

    public static String url(long id) {
        return "http://m" + Long.toUnsignedString(id) + ":1";
    }

    public static Member named(long id) {
        return nameless(id).toBuilder().setName("m" + Long.toUnsignedString(id)).build();
    }

    /** As one that was added and has not started. */
    public static Member nameless(long id) {
        return Member.newBuilder().setID(id).addPeerURLs(url(id)).build();
    }

    /** A group of voters that have all started. */
    static MemberBook group(long... voters) {
        return MemberBook.founded(
                ConfState.of(voters), LongStream.of(voters).mapToObj(Members::named).toList());
    }

    static MemberBook after(MemberBook book, Wish... wishes) {
        MemberBook next = book;
        for (Wish wish : wishes) {
            next = next.after(MemberChange.of(wish, SOMEBODY));
        }
        return next;
    }
}
