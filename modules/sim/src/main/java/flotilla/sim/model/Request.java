package flotilla.sim.model;

import java.util.List;

/** What a client asks of the store. Ranges are half open; {@code to} is not in them. */
public sealed interface Request {
    /**
     * @param lease 0 for none
     */
    record Put(String key, String value, long lease) implements Request {}

    record Delete(String from, String to) implements Request {}

    /**
     * @param revision 0 for the newest
     */
    record Get(String from, String to, long revision) implements Request {}

    /** All of {@code then} if all compares hold, else all of {@code orElse}; no transactions. */
    record Txn(List<Compare> compares, List<Request> then, List<Request> orElse)
            implements Request {
        public Txn {
            compares = List.copyOf(compares);
            then = List.copyOf(then);
            orElse = List.copyOf(orElse);
        }
    }

    record Compact(long revision) implements Request {}

    record Grant(long lease) implements Request {}

    /** By a client, or by the clock. */
    record Revoke(long lease) implements Request {}

    /** What must equal what; of a key that isn't there numbers are 0, and no value equals. */
    record Compare(Target target, String key, String value, long number) {
        public static Compare version(String key, long version) {
            return new Compare(Target.VERSION, key, "", version);
        }

        public static Compare modified(String key, long revision) {
            return new Compare(Target.MODIFIED, key, "", revision);
        }

        public static Compare value(String key, String value) {
            return new Compare(Target.VALUE, key, value, 0);
        }
    }

    /** Of a key. */
    enum Target {
        VERSION,
        MODIFIED,
        VALUE
    }

    /** The range of one key. */
    static Get get(String key) {
        return new Get(key, key + '\0', 0);
    }

    /** The range of one key. */
    static Delete delete(String key) {
        return new Delete(key, key + '\0');
    }

    static Put put(String key, String value) {
        return new Put(key, value, 0);
    }
}
