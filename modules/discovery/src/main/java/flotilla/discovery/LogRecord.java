package flotilla.discovery;

import flotilla.discovery.token.Entry;
import flotilla.discovery.token.Operation;
import flotilla.discovery.token.SavedToken;
import flotilla.discovery.token.TokenTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One line of the token log: an operation with its time, or (at the head of a compacted log) the
 * index and the tokens as they were.
 *
 * @param op create, put, delete, expire, forget; index and saved at the head
 * @param at ms since 1970; of a saved token its last change
 * @param ttl seconds; 0 for a key that stays, {@link #AT_ONCE} for a life of no seconds: logs of
 *     old have the 0 on every key without one
 */
record LogRecord(
        String op,
        long at,
        @Nullable String token,
        int size,
        @Nullable String key,
        @Nullable String value,
        Operation.@Nullable Condition condition,
        long ttl,
        long created,
        @Nullable List<Entry> entries) {
    private static final long AT_ONCE = -1;

    private static long written(@Nullable Long ttl) {
        if (ttl == null) {
            return 0;
        }
        return ttl == 0 ? AT_ONCE : ttl;
    }

    private @Nullable Long ttlSeconds() {
        if (ttl == 0) {
            return null;
        }
        return ttl == AT_ONCE ? 0 : ttl;
    }

    static LogRecord of(Operation operation, long at) {
        return switch (operation) {
            case Operation.Create(String token, int size) ->
                    new LogRecord("create", at, token, size, null, null, null, 0, 0, null);
            case Operation.Put put ->
                    new LogRecord(
                            "put",
                            at,
                            put.token(),
                            0,
                            put.key(),
                            put.value(),
                            put.condition(),
                            written(put.ttlSeconds()),
                            0,
                            null);
            case Operation.Delete(String token, String key, Operation.Condition condition) ->
                    new LogRecord("delete", at, token, 0, key, null, condition, 0, 0, null);
            case Operation.Expire(String token) ->
                    new LogRecord("expire", at, token, 0, null, null, null, 0, 0, null);
            case Operation.Forget(String token) ->
                    new LogRecord("forget", at, token, 0, null, null, null, 0, 0, null);
        };
    }

    static LogRecord ofIndex(long index) {
        return new LogRecord("index", 0, null, 0, null, null, null, 0, index, null);
    }

    static LogRecord ofSaved(SavedToken token) {
        return new LogRecord(
                "saved",
                token.changedMillis(),
                token.name(),
                token.size(),
                null,
                null,
                null,
                0,
                token.created(),
                token.entries());
    }

    private Operation operation() {
        String of = Objects.requireNonNull(token, "token");
        return switch (op) {
            case "create" -> new Operation.Create(of, size);
            case "put" ->
                    new Operation.Put(
                            of,
                            Objects.requireNonNull(key, "key"),
                            value == null ? "" : value,
                            conditions(),
                            ttlSeconds());
            case "delete" ->
                    new Operation.Delete(of, Objects.requireNonNull(key, "key"), conditions());
            case "expire" -> new Operation.Expire(of);
            case "forget" -> new Operation.Forget(of);
            default ->
                    throw new IllegalStateException(
                            "the token log has an operation \""
                                    + op
                                    + "\" that this version doesn't know");
        };
    }

    private Operation.Condition conditions() {
        return condition == null ? Operation.Condition.NONE : condition;
    }

    private SavedToken saved() {
        return new SavedToken(
                Objects.requireNonNull(token, "token"),
                size,
                created,
                at,
                entries == null ? List.of() : entries);
    }

    /** Records in their order, into a tree. */
    static final class Replay {
        private final TokenTree tree;
        private final List<SavedToken> saved = new ArrayList<>();
        private long index;
        private boolean restored;

        Replay(TokenTree tree) {
            this.tree = tree;
        }

        void add(LogRecord line) {
            switch (line.op()) {
                case "index" -> index = line.created();
                case "saved" -> saved.add(line.saved());
                default -> {
                    end();
                    tree.apply(line.operation(), line.at());
                }
            }
        }

        /** The head is over, or the file is. */
        void end() {
            if (!restored) {
                restored = true;
                tree.restore(index, saved);
            }
        }
    }
}
