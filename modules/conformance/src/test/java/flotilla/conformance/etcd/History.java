package flotilla.conformance.etcd;

import java.util.ArrayList;
import java.util.List;

/** What the generator must know of the past to ask sensible questions: learned from answers. */
final class History {
    private final List<Long> leases = new ArrayList<>();
    private long revision = 1;
    private long compacted;

    long revision() {
        return revision;
    }

    long compacted() {
        return compacted;
    }

    List<Long> leases() {
        return leases;
    }

    void reached(long seen) {
        revision = Math.max(revision, seen);
    }

    void compactedAt(long at) {
        compacted = Math.max(compacted, at);
    }

    void granted(long lease) {
        if (!leases.contains(lease)) {
            leases.add(lease);
        }
    }

    void revoked(long lease) {
        leases.remove(lease);
    }
}
