package flotilla.store.watch;

import flotilla.protocol.KeyValue;
import flotilla.store.apply.mvcc.KeyChange;
import flotilla.store.apply.mvcc.RevisionScan;
import org.jspecify.annotations.Nullable;

/** Where watchers read what is past. */
public interface History {
    RevisionScan.Page read(RevisionScan.Extent extent);

    /** What a key was before a change of it; null when it wasn't, or that was compacted. */
    @Nullable KeyValue previous(KeyChange change);
}
