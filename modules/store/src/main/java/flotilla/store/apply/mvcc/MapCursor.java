package flotilla.store.apply.mvcc;

import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** A cursor over a sorted map that doesn't change meanwhile. */
final class MapCursor implements Backend.Cursor {
    private final NavigableMap<byte[], byte[]> map;
    private @Nullable Iterator<Map.Entry<byte[], byte[]>> rest;
    private Map.@Nullable Entry<byte[], byte[]> here;

    MapCursor(NavigableMap<byte[], byte[]> map) {
        this.map = map;
    }

    @Override
    public boolean seek(byte[] key) {
        rest = map.tailMap(key, true).entrySet().iterator();
        return next();
    }

    @Override
    public boolean next() {
        here = rest != null && rest.hasNext() ? rest.next() : null;
        return here != null;
    }

    @Override
    public byte[] key() {
        return entry().getKey();
    }

    @Override
    public byte[] value() {
        return entry().getValue();
    }

    private Map.Entry<byte[], byte[]> entry() {
        if (here == null) {
            throw new NoSuchElementException("the cursor stands on no key");
        }
        return here;
    }

    @Override
    public void close() {
        rest = null;
        here = null;
    }
}
