package flotilla.store.apply.mvcc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A backend on the heap. Consistent views by a lock: a write waits until all views are closed. */
public final class MemoryBackend implements Backend {
    private final StampedLock lock = new StampedLock();
    private final Map<Space, NavigableMap<byte[], byte[]>> spaces = new EnumMap<>(Space.class);

    public MemoryBackend() {
        for (Space space : Space.values()) {
            spaces.put(space, new TreeMap<>(Arrays::compareUnsigned));
        }
    }

    @Override
    public View view() {
        return new MemoryView(lock.readLock());
    }

    @Override
    public Draft draft() {
        return draft(this::write);
    }

    /** One whose changes go, in the end, to whoever writes them here. */
    public Draft draft(Consumer<List<Change>> writer) {
        return new Overlay(view(), writer);
    }

    @Override
    public void write(List<Change> changes) {
        long stamp = lock.writeLock();
        try {
            for (Change change : changes) {
                byte[] value = change.value();
                if (value == null) {
                    of(change.space()).remove(change.key());
                } else {
                    of(change.space()).put(change.key(), value);
                }
            }
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /** Everything held, as the changes that would make it. */
    public List<Change> dump() {
        long stamp = lock.readLock();
        try {
            List<Change> all = new ArrayList<>();
            spaces.forEach((space, map) -> map.forEach((k, v) -> all.add(new Change(space, k, v))));
            return all;
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /** Forgets everything and holds {@code contents} instead, in one step. */
    public void replaceAll(List<Change> contents) {
        List<Change> changes = new ArrayList<>();
        for (Change old : dump()) {
            changes.add(new Change(old.space(), old.key(), null));
        }
        changes.addAll(contents);
        write(changes);
    }

    private NavigableMap<byte[], byte[]> of(Space space) {
        NavigableMap<byte[], byte[]> map = spaces.get(space);
        if (map == null) {
            throw new IllegalStateException("no space " + space);
        }
        return map;
    }

    private final class MemoryView implements View {
        private final long stamp;
        private boolean closed;

        MemoryView(long stamp) {
            this.stamp = stamp;
        }

        @Override
        public byte @Nullable [] get(Space space, byte[] key) {
            return of(space).get(key);
        }

        @Override
        public Cursor cursor(Space space) {
            return new MapCursor(of(space));
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                lock.unlockRead(stamp);
            }
        }
    }
}
