package flotilla.store.view;

import flotilla.protocol.KeyValue;
import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.mvcc.KeyChange;
import flotilla.store.apply.mvcc.MvccReader;
import flotilla.store.apply.mvcc.RevisionScan;
import flotilla.store.disk.Storage;
import flotilla.store.watch.History;
import org.jspecify.annotations.Nullable;

/** What watchers read. */
record Past(Storage storage) implements History {
    @Override
    public RevisionScan.Page read(RevisionScan.Extent extent) {
        try (Backend.View view = storage.view()) {
            return RevisionScan.read(MvccReader.of(view), extent);
        }
    }

    @Override
    public @Nullable KeyValue previous(KeyChange change) {
        try (Backend.View view = storage.view()) {
            return RevisionScan.previous(MvccReader.of(view), change);
        }
    }
}
