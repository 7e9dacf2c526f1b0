package flotilla.store.apply.level;

import flotilla.store.apply.member.MemberBook;
import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.mvcc.Space;
import flotilla.store.command.Command;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The cluster's feature level (etcd's cluster version): what may be written, so that every member's
 * program can read it. Each member tells up to which level its program reads; the level is raised
 * to what all have in common, never lowered, and stands in the replicated state. A command of a
 * higher level is refused before it enters the log.
 */
public final class FeatureLevel {
    /** None is decided yet; what level 0 has may be written all the same. */
    public static final int UNDECIDED = -1;

    /** Up to which level this program reads: the highest that {@link #of} knows. */
    public static final int READABLE = 1;

    private static final byte[] KEY = "level".getBytes(StandardCharsets.US_ASCII);

    private FeatureLevel() {}

    /**
     * The first level that has a command. Whoever adds a kind counts {@link #READABLE} up and gives
     * it the new number. Whoever gives a known kind a later meaning gives it a field in {@link
     * Command} itself, and here the number to commands that have it: not in etcd's request, for
     * what a client sends there goes through an older member unread, into the log.
     */
    public static int of(Command command) {
        return switch (command.getCommandCase()) {
            case PUT,
                    DELETE_RANGE,
                    TXN,
                    COMPACTION,
                    LEASE_GRANT,
                    LEASE_REVOKE,
                    LEASE_CHECKPOINT,
                    MEMBER_ATTRIBUTES,
                    FEATURE_LEVEL ->
                    0;
            case ALARM -> 1;
            case COMMAND_NOT_SET -> throw new IllegalArgumentException("a command of no kind");
        };
    }

    /** Whether a cluster of a level takes what has this first level. */
    public static boolean admits(int decided, int first) {
        return first <= Math.max(decided, 0);
    }

    /**
     * What the level is to become: as high as all members read, learners too; empty to leave it as
     * it is. One that has yet to start has not told how far it reads, and holds it, as in etcd. One
     * that is down counts by what it told, unlike in etcd: an older program than that is refused.
     */
    public static OptionalInt raised(int decided, MemberBook book) {
        OptionalInt common = book.readByAll();
        return common.orElse(decided) > decided ? common : OptionalInt.empty();
    }

    /** Why a program that reads so far can't be a member's, in words for a person. */
    public static Optional<String> refusal(int decided, int readable) {
        return decided <= readable
                ? Optional.empty()
                : Optional.of(
                        "the cluster is at feature level %d, which never goes down, and a program that reads up to %d can't take part: start the newer one that the other members run"
                                .formatted(decided, readable));
    }

    /** The level as of a state. */
    public static int read(Backend.View view) {
        byte[] bytes = view.get(Space.META, KEY);
        return bytes == null ? UNDECIDED : ByteBuffer.wrap(bytes).getInt();
    }

    /** What writes it. */
    public static Backend.Change change(int level) {
        byte[] bytes = ByteBuffer.allocate(Integer.BYTES).putInt(level).array();
        return new Backend.Change(Space.META, KEY, bytes);
    }
}
