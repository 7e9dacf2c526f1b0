package flotilla.store.view;

import flotilla.protocol.HashKVResponse;
import flotilla.protocol.ResponseHeader;
import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.mvcc.HashKv;
import flotilla.store.apply.mvcc.MvccReader;
import flotilla.store.log.StateHash;
import java.util.OptionalInt;

/** What the keys and their history in one view come to, for members and for clients. */
final class KeyHash {
    private KeyHash() {}

    /** As etcd answers; throws {@link flotilla.store.apply.refusal.EtcdException}. */
    static HashKVResponse answer(Backend.View view, long revision) {
        MvccReader reader = MvccReader.of(view);
        return HashKVResponse.newBuilder()
                .setHeader(ResponseHeader.newBuilder().setRevision(reader.revision()))
                .setHash(HashKv.of(reader, revision))
                .setCompactRevision(reader.compactRevision())
                .setHashRevision(revision <= 0 ? reader.revision() : revision)
                .build();
    }

    /**
     * What members compare: the hash, if the view has the revision, and how far it is. The
     * compacted revision is one that it has: where nothing was written since, there is no other to
     * compare.
     *
     * @param revision up to which to hash; 0 for the newest
     */
    static StateHash of(Backend.View view, long revision) {
        MvccReader reader = MvccReader.of(view);
        long upTo = revision <= 0 ? reader.revision() : revision;
        boolean there = upTo >= reader.compactRevision() && upTo <= reader.revision();
        return new StateHash(
                view.state().appliedIndex(),
                reader.revision(),
                reader.compactRevision(),
                there ? OptionalInt.of(HashKv.upTo(reader, upTo)) : OptionalInt.empty());
    }
}
