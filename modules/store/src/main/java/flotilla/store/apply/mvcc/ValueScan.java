package flotilla.store.apply.mvcc;

import flotilla.protocol.KeyValue;
import java.util.Arrays;
import java.util.List;
import java.util.function.ObjIntConsumer;

/**
 * Reads the values of many keys in the order in which they were put, which is how they lie. In the
 * order of the keys each lookup would search anew, and read a block again for every value in it.
 */
final class ValueScan {
    /** How many are rather looked up one by one: a cursor costs as much to open. */
    private static final int LOOKUPS_MAX = 8;

    /** Revisions that a cursor rather steps over than seeks past. */
    private static final int STEPS_MAX = 8;

    private final MvccReader reader;

    ValueScan(MvccReader reader) {
        this.reader = reader;
    }

    /**
     * @param each is given each value, and of which of the heads it is
     */
    void load(List<KeyHead> heads, ObjIntConsumer<KeyValue> each) {
        if (heads.size() <= LOOKUPS_MAX) {
            for (int i = 0; i < heads.size(); i++) {
                each.accept(reader.load(heads.get(i)), i);
            }
            return;
        }
        int indexBits = Integer.SIZE - Integer.numberOfLeadingZeros(heads.size());
        long[] order = new long[heads.size()];
        Arrays.setAll(order, i -> heads.get(i).at().main() << indexBits | i);
        Arrays.sort(order); // Of numbers: of objects it would take longer than the reading.
        try (Backend.Cursor cursor = reader.view().cursor(Space.REVISION)) {
            Revision stands = null;
            for (long place : order) {
                int i = (int) (place & (1L << indexBits) - 1);
                Revision wanted = heads.get(i).at();
                boolean on = true;
                while (on && stands != null && isNear(stands, wanted)) {
                    on = cursor.next();
                    stands = on ? Revision.ofKey(cursor.key()) : null;
                }
                if (!wanted.equals(stands)) {
                    on = cursor.seek(wanted.key());
                    stands = on ? Revision.ofKey(cursor.key()) : null;
                }
                if (!wanted.equals(stands)) {
                    throw MvccReader.missing(wanted);
                }
                each.accept(MvccReader.parse(cursor.value()), i);
            }
        }
    }

    private static boolean isNear(Revision stands, Revision wanted) {
        return stands.compareTo(wanted) < 0 && wanted.main() - stands.main() <= STEPS_MAX;
    }
}
