package flotilla.discovery.token;

import flotilla.discovery.token.Outcome.Reason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * All tokens, with one index for all that counts every change, as one etcd would have it. For one
 * thread at a time. Operations carry the time of their making, so that replaying the same
 * operations with the same times gives the same tree.
 */
public final class TokenTree {
    /** What a token looks like. */
    public static final Pattern TOKEN = Pattern.compile("[a-f0-9]{32}");

    /** The largest cluster one token can be made for: far more voters than Raft serves well. */
    public static final int SIZE_MAX = 100;

    /** Keys under one token: room for proxies and spares, none for abuse. */
    public static final int KEYS_MAX = 1000;

    /** Bytes of one value: a member with a dozen peer URLs has under one thousand. */
    public static final int VALUE_MAX_BYTES = 8 * 1024;

    /** Events kept for those who wait from an index in the past; etcd's own number. */
    static final int HISTORY_MAX = 1000;

    private final Map<String, Token> tokens = new LinkedHashMap<>();
    private final Deque<Event> history = new ArrayDeque<>();
    private long index;
    private long clearedThrough;

    /** The time of the operation that is being applied. */
    private long nowMillis;

    /** The number of the last change. */
    public long index() {
        return index;
    }

    public Optional<Token> token(String name) {
        return Optional.ofNullable(tokens.get(name));
    }

    public Collection<Token> tokens() {
        return List.copyOf(tokens.values());
    }

    /** Applies one operation made at {@code nowMillis}; what is over by then goes first. */
    public Outcome apply(Operation operation, long nowMillis) {
        this.nowMillis = nowMillis;
        Token token = tokens.get(operation.token());
        if (token != null) {
            expire(token, nowMillis);
        }
        return switch (operation) {
            case Operation.Create create -> create(create, token, nowMillis);
            case Operation.Forget forget -> forget(forget, token);
            case Operation.Expire _ -> new Outcome.Done(Optional.empty());
            case Operation.Put put -> put(put, token, nowMillis);
            case Operation.Delete delete -> delete(delete, token, nowMillis);
        };
    }

    /** The tokens under which something is over by now. */
    public List<String> expired(long nowMillis) {
        return tokens.values().stream()
                .filter(token -> token.hasExpired(nowMillis))
                .map(Token::name)
                .toList();
    }

    private void expire(Token token, long nowMillis) {
        for (Entry entry : token.expired(nowMillis)) {
            // The token's age counts from what its members did, not from what time did to them.
            token.remove(entry.key(), token.changedMillis());
            happened(token, "expire", gone(entry, ++index), entry);
        }
    }

    private Outcome create(Operation.Create create, @Nullable Token known, long nowMillis) {
        if (known != null) {
            return refused(Reason.ALREADY_EXISTS, create.token() + "/_config/size");
        }
        Token token = new Token(create.token(), create.size(), ++index, nowMillis);
        tokens.put(create.token(), token);
        return new Outcome.Done(Optional.empty());
    }

    private Outcome forget(Operation.Forget forget, @Nullable Token token) {
        if (token == null) {
            return refused(Reason.KEY_NOT_FOUND, forget.token());
        }
        index++;
        tokens.remove(forget.token());
        return new Outcome.Done(Optional.empty());
    }

    private Outcome put(Operation.Put put, @Nullable Token token, long nowMillis) {
        if (token == null) {
            // etcd would make the directory on the way; here a token comes from /new alone, or a
            // mistyped one would collect members that wait for ever.
            return refused(Reason.KEY_NOT_FOUND, put.token());
        }
        Optional<Entry> previous = token.entry(put.key());
        String path = put.token() + "/" + put.key();
        Optional<Outcome> refusal = violated(put.condition(), path, previous);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        if (previous.isEmpty() && token.count() >= KEYS_MAX) {
            return refused(Reason.TOKEN_FULL, KEYS_MAX + " keys under " + put.token());
        }
        long modified = ++index;
        boolean keeps = put.condition().compares() || Boolean.TRUE.equals(put.condition().exists());
        long created = keeps ? previous.map(Entry::created).orElse(modified) : modified;
        long expires = expires(put, nowMillis);
        Entry entry = new Entry(put.key(), put.value(), created, modified, expires);
        token.put(entry, nowMillis);
        return new Outcome.Done(
                Optional.of(
                        happened(token, action(put.condition()), entry, previous.orElse(null))));
    }

    private static long expires(Operation.Put put, long nowMillis) {
        Long ttl = put.ttlSeconds();
        return ttl == null ? 0 : nowMillis + ttl * 1000;
    }

    private static String action(Operation.Condition condition) {
        if (condition.compares()) {
            return "compareAndSwap";
        }
        Boolean exists = condition.exists();
        return exists == null ? "set" : exists ? "update" : "create";
    }

    private static Optional<Outcome> violated(
            Operation.Condition condition, String key, Optional<Entry> previous) {
        if (Boolean.FALSE.equals(condition.exists()) && previous.isPresent()) {
            return Optional.of(refused(Reason.ALREADY_EXISTS, key));
        }
        boolean needed = Boolean.TRUE.equals(condition.exists()) || condition.compares();
        if (previous.isEmpty()) {
            return needed ? Optional.of(refused(Reason.KEY_NOT_FOUND, key)) : Optional.empty();
        }
        return unequal(condition, previous.get())
                .map(words -> refused(Reason.COMPARE_FAILED, words));
    }

    /** What differs from what it should be, in etcd's words. */
    private static Optional<String> unequal(Operation.Condition condition, Entry before) {
        List<String> differences = new ArrayList<>();
        String value = condition.value();
        if (value != null && !value.equals(before.value())) {
            differences.add("[" + value + " != " + before.value() + "]");
        }
        Long index = condition.index();
        if (index != null && index != before.modified()) {
            differences.add("[" + index + " != " + before.modified() + "]");
        }
        return differences.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join(" ", differences));
    }

    private Outcome delete(Operation.Delete delete, @Nullable Token token, long nowMillis) {
        Entry entry = token == null ? null : token.entry(delete.key()).orElse(null);
        if (token == null || entry == null) {
            return refused(Reason.KEY_NOT_FOUND, delete.token() + "/" + delete.key());
        }
        Optional<String> unequal = unequal(delete.condition(), entry);
        if (unequal.isPresent()) {
            return refused(Reason.COMPARE_FAILED, unequal.get());
        }
        token.remove(delete.key(), nowMillis);
        String action = delete.condition().compares() ? "compareAndDelete" : "delete";
        return new Outcome.Done(Optional.of(happened(token, action, gone(entry, ++index), entry)));
    }

    private static Entry gone(Entry entry, long at) {
        return new Entry(entry.key(), "", entry.created(), at, 0);
    }

    private static Outcome refused(Reason reason, String cause) {
        return new Outcome.Refused(reason, cause);
    }

    private Event happened(Token token, String action, Entry entry, @Nullable Entry previous) {
        Event event =
                new Event(
                        token.name(),
                        action,
                        entry,
                        Optional.ofNullable(previous),
                        index,
                        nowMillis);
        history.addLast(event);
        if (history.size() > HISTORY_MAX) {
            clearedThrough = history.removeFirst().index();
        }
        return event;
    }

    /**
     * The first event of a token since an index (itself included), for a waiter that wants one key
     * ({@code null} for any that isn't hidden).
     */
    public Optional<Event> since(String token, @Nullable String key, long fromIndex) {
        return history.stream()
                .filter(event -> event.index() >= fromIndex && event.token().equals(token))
                .filter(event ->
                        key == null ? !event.entry().hidden() : event.entry().key().equals(key))
                .findFirst();
    }

    /** Whether events from this index on are all still known. */
    public boolean remembers(long fromIndex) {
        return fromIndex > clearedThrough;
    }

    /** The oldest index still remembered, for the error that says so. */
    public long oldest() {
        return clearedThrough + 1;
    }

    /** Takes the place of the whole tree, from a compacted log; events before it are forgotten. */
    public void restore(long index, List<SavedToken> saved) {
        tokens.clear();
        history.clear();
        saved.forEach(token -> tokens.put(token.name(), token.token()));
        this.index = index;
        this.clearedThrough = index;
    }
}
