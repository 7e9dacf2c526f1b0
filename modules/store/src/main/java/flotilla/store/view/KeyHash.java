package flotilla.store.view;

import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.mvcc.HashKv;
import flotilla.store.apply.mvcc.MvccReader;
import flotilla.store.log.StateHash;
import java.util.OptionalInt;

/** What members compare: of one view its hash, if it has the revision, and how far it is. */
final class KeyHash {
    private KeyHash() {}

    /**
     * @param revision up to which to hash; 0 for the newest
     */
    static StateHash of(Backend.View view, long revision) {
        MvccReader reader = MvccReader.of(view);
        boolean there =
                revision <= 0
                        || (revision <= reader.revision() && revision > reader.compactRevision());
        return new StateHash(
                reader.revision(),
                reader.compactRevision(),
                there ? OptionalInt.of(HashKv.of(reader, revision)) : OptionalInt.empty());
    }
}
