package flotilla.store.watch;

import flotilla.store.apply.mvcc.RevisionScan;

/** Where watchers that are behind read what they missed. */
@FunctionalInterface
public interface History {
    RevisionScan.Page read(RevisionScan.Extent extent);
}
