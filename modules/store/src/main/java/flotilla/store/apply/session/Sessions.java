package flotilla.store.apply.session;

import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.mvcc.Space;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/**
 * The batches that the state has seen, by who proposed them: a number that was seen is not applied
 * again, whoever sent it again, in whatever term (thesis 6.3). Written with the data, and the same
 * on every member. Numbers of an origin may come out of order, but none more than {@value #WINDOW}
 * behind its newest: a proposer must not have them further apart while one is open.
 */
public final class Sessions {
    /** How far behind an origin's newest number one may come and be applied. */
    public static final int WINDOW = Session.WINDOW;

    /**
     * How many origins are remembered; of more, the one that brought nothing new for longest goes.
     */
    static final int ORIGINS_MAX = 256;

    private final Map<Long, Session> byOrigin = new HashMap<>();

    /** Those that a view shows. */
    public static Sessions read(Backend.View view) {
        Sessions sessions = new Sessions();
        try (Backend.Cursor cursor = view.cursor(Space.SESSION)) {
            for (boolean on = cursor.seek(new byte[0]); on; on = cursor.next()) {
                long origin = ByteBuffer.wrap(cursor.key()).getLong();
                sessions.byOrigin.put(origin, Session.decode(cursor.value()));
            }
        }
        return sessions;
    }

    /**
     * Notes a batch, in the draft that its changes go to, unless it was seen before.
     *
     * @param origin 0 for none: such a batch is always new
     * @param index of its entry
     * @return whether it is new, and to be applied
     */
    public boolean admit(Backend.Draft draft, long origin, long number, long index) {
        if (origin == 0) {
            return true;
        }
        Session known = byOrigin.get(origin);
        if (known != null && known.hasSeen(number)) {
            return false;
        }
        if (known == null && byOrigin.size() == ORIGINS_MAX) {
            forgetOne(draft);
        }
        Session next = known == null ? Session.begun(number, index) : known.with(number, index);
        byOrigin.put(origin, next);
        draft.put(Space.SESSION, key(origin), next.encode());
        return true;
    }

    private void forgetOne(Backend.Draft draft) {
        long oldest =
                byOrigin.entrySet().stream()
                        .min(Comparator.comparingLong(entry -> entry.getValue().usedAt()))
                        .orElseThrow()
                        .getKey();
        byOrigin.remove(oldest);
        draft.delete(Space.SESSION, key(oldest));
    }

    private static byte[] key(long origin) {
        return ByteBuffer.allocate(Long.BYTES).putLong(origin).array();
    }
}
