package flotilla.store.apply.mvcc;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A draft on the heap. */
final class Overlay implements Backend.Draft {
    /** Stands for "deleted here"; known by identity, for empty values are legal. */
    private static final byte[] GONE = new byte[0];

    private final Backend.View below;
    private final Consumer<List<Backend.Change>> writer;
    private final Map<Space, NavigableMap<byte[], byte[]>> laid = new EnumMap<>(Space.class);

    /** What undoes the changes since the last mark, newest first. */
    private final ArrayDeque<Runnable> undo = new ArrayDeque<>();

    /**
     * @param below closed with this
     * @param writer makes the changes, after the view below is closed
     */
    Overlay(Backend.View below, Consumer<List<Backend.Change>> writer) {
        this.below = below;
        this.writer = writer;
    }

    @Override
    public void put(Space space, byte[] key, byte[] value) {
        NavigableMap<byte[], byte[]> map = on(space);
        byte[] before = map.put(key, value);
        undo.push(() -> {
            if (before == null) {
                map.remove(key);
            } else {
                map.put(key, before);
            }
        });
    }

    @Override
    public void delete(Space space, byte[] key) {
        put(space, key, GONE);
    }

    private NavigableMap<byte[], byte[]> on(Space space) {
        return laid.computeIfAbsent(space, s -> new TreeMap<>(Arrays::compareUnsigned));
    }

    @Override
    public void mark() {
        undo.clear();
    }

    @Override
    public void rollback() {
        while (!undo.isEmpty()) {
            undo.pop().run();
        }
    }

    @Override
    public void write() {
        below.close();
        List<Backend.Change> changes = new ArrayList<>();
        laid.forEach((space, map) ->
                map.forEach((key, value) ->
                        changes.add(new Backend.Change(space, key, isGone(value) ? null : value))));
        writer.accept(changes);
    }

    @SuppressWarnings("ReferenceEquality") // GONE is known by identity
    private static boolean isGone(byte[] value) {
        return value == GONE;
    }

    @Override
    public byte @Nullable [] get(Space space, byte[] key) {
        NavigableMap<byte[], byte[]> map = laid.get(space);
        byte[] value = map == null ? null : map.get(key);
        if (value == null) {
            return below.get(space, key);
        }
        return isGone(value) ? null : value;
    }

    @Override
    public Backend.Cursor cursor(Space space) {
        NavigableMap<byte[], byte[]> map = laid.get(space);
        Backend.Cursor base = below.cursor(space);
        return map == null ? base : new Merged(base, new MapCursor(map));
    }

    @Override
    public void close() {
        below.close();
    }

    /** Two cursors as one; on equal keys the upper one counts, and its deletions hide both. */
    private static final class Merged implements Backend.Cursor {
        private final Backend.Cursor lower;
        private final Backend.Cursor upper;
        private boolean onLower;
        private boolean onUpper;
        private boolean atUpper;

        Merged(Backend.Cursor lower, Backend.Cursor upper) {
            this.lower = lower;
            this.upper = upper;
        }

        @Override
        public boolean seek(byte[] key) {
            onLower = lower.seek(key);
            onUpper = upper.seek(key);
            return settle();
        }

        @Override
        public boolean next() {
            step();
            return settle();
        }

        /** Moves off the present key, on both sides when both stand on it. */
        private void step() {
            if (!atUpper) {
                onLower = lower.next();
                return;
            }
            if (onLower && Arrays.equals(lower.key(), upper.key())) {
                onLower = lower.next();
            }
            onUpper = upper.next();
        }

        private boolean settle() {
            while (true) {
                atUpper =
                        onUpper
                                && (!onLower
                                        || Arrays.compareUnsigned(upper.key(), lower.key()) <= 0);
                if (!atUpper) {
                    return onLower;
                }
                if (!isGone(upper.value())) {
                    return true;
                }
                step();
            }
        }

        @Override
        public byte[] key() {
            return atUpper ? upper.key() : lower.key();
        }

        @Override
        public byte[] value() {
            return atUpper ? upper.value() : lower.value();
        }

        @Override
        public void close() {
            lower.close();
            upper.close();
        }
    }
}
