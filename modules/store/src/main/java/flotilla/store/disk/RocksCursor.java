package flotilla.store.disk;

import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.mvcc.Space;
import java.util.Arrays;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** A RocksDB iterator that stays within one space. */
final class RocksCursor implements Backend.Cursor {
    private final RocksIterator iterator;
    private final Space space;
    private final DamageMark damage;
    private byte @Nullable [] key;

    RocksCursor(RocksIterator iterator, Space space, DamageMark damage) {
        this.iterator = iterator;
        this.space = space;
        this.damage = damage;
    }

    @Override
    public boolean seek(byte[] from) {
        iterator.seek(RocksStorage.tagged(space, from));
        return settle();
    }

    @Override
    public boolean next() {
        iterator.next();
        return settle();
    }

    private boolean settle() {
        key = null;
        if (!iterator.isValid()) {
            checkStatus();
            return false;
        }
        byte[] tagged = iterator.key();
        if (tagged[0] != space.tag()) {
            return false;
        }
        key = Arrays.copyOfRange(tagged, 1, tagged.length);
        return true;
    }

    /** The end of the keys looks like a failure to read them until asked. */
    private void checkStatus() {
        try {
            iterator.status();
        } catch (RocksDBException e) {
            throw damage.failed("scan " + space, e);
        }
    }

    @Override
    public byte[] key() {
        if (key == null) {
            throw new NoSuchElementException("the cursor stands on no key");
        }
        return key;
    }

    @Override
    public byte[] value() {
        return iterator.value();
    }

    @Override
    public void close() {
        iterator.close();
    }
}
