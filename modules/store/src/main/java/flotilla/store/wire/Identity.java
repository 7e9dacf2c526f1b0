package flotilla.store.wire;

import flotilla.protocol.ResponseHeader;
import flotilla.store.log.ReplicatedLog;

/** Who answers: what every response header says besides the revision. */
record Identity(long clusterId, long memberId, ReplicatedLog log) {
    ResponseHeader header(long revision) {
        return ResponseHeader.newBuilder()
                .setClusterId(clusterId)
                .setMemberId(memberId)
                .setRevision(revision)
                .setRaftTerm(log.status().term())
                .build();
    }

    /** The header of a response that apply or a read left with its revision alone. */
    ResponseHeader header(ResponseHeader revisionOnly) {
        return header(revisionOnly.getRevision());
    }
}
