package flotilla.discovery.token;

import org.jspecify.annotations.Nullable;

/** What can change a tree. Everything in it is decided: applying it again gives the same tree. */
public sealed interface Operation {
    /** The token it is about: 32 lower-case hex digits. */
    String token();

    /** A new token for a cluster of so many members. */
    record Create(String token, int size) implements Operation {}

    /**
     * PUT of one key under a token.
     *
     * @param ttlSeconds null for a key that stays; 0 for one that is over as soon as it is there
     */
    record Put(
            String token, String key, String value, Condition condition, @Nullable Long ttlSeconds)
            implements Operation {}

    /**
     * What must be true of the key before a put or a delete; null for what doesn't matter.
     *
     * @param exists etcd's prevExist
     * @param value etcd's prevValue
     * @param index etcd's prevIndex
     */
    record Condition(@Nullable Boolean exists, @Nullable String value, @Nullable Long index) {
        public static final Condition NONE = new Condition(null, null, null);

        /** Only when the key is not there yet. */
        public static final Condition ABSENT = new Condition(false, null, null);

        boolean compares() {
            return value != null || index != null;
        }
    }

    /**
     * DELETE of one key under a token.
     *
     * @param condition whether the key exists is no part of it: it must, in any case
     */
    record Delete(String token, String key, Condition condition) implements Operation {}

    /** What is over by the time of the operation goes. */
    record Expire(String token) implements Operation {}

    /** A whole token, with all its keys: it is old, or it was a trial. */
    record Forget(String token) implements Operation {}
}
