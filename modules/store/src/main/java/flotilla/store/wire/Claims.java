package flotilla.store.wire;

import com.google.protobuf.ByteString;
import flotilla.protocol.Compare;
import flotilla.protocol.DeleteRangeRequest;
import flotilla.protocol.Event;
import flotilla.protocol.LeaseGrantRequest;
import flotilla.protocol.PutRequest;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.RangeResponse;
import flotilla.protocol.RequestOp;
import flotilla.protocol.ResponseHeader;
import flotilla.protocol.TxnRequest;
import flotilla.protocol.TxnResponse;
import flotilla.protocol.WatchCreateRequest;
import flotilla.protocol.WatchResponse;
import flotilla.store.watch.WatchHub;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The recipe that etcd's locks and elections share, its clients' included: who wants something puts
 * {@code name/lease-in-hex} under its lease; whose key was made first has it; the others each wait
 * for the deletion of the one made last before theirs.
 */
final class Claims {
    private static final Logger log = LoggerFactory.getLogger(Claims.class);

    /** What a claim's own lease lasts when the client brings none (etcd's session TTL). */
    private static final long LEASE_SECONDS = 60;

    private final KvService kv;
    private final LeaseService leases;
    private final WatchHub watches;

    Claims(KvService kv, LeaseService leases, WatchHub watches) {
        this.kv = kv;
        this.leases = leases;
        this.watches = watches;
    }

    /**
     * A key that stands in line.
     *
     * @param value what it holds, which may be another's if it stood there before
     * @param header as of the answer
     */
    record Claim(ByteString key, long createRevision, ByteString value, ResponseHeader header) {}

    /** The client's lease, or one of its own that nobody keeps alive. */
    long lease(long asked) throws InterruptedException, ExecutionException {
        if (asked != 0) {
            return asked;
        }
        LeaseGrantRequest grant = LeaseGrantRequest.newBuilder().setTTL(LEASE_SECONDS).build();
        return leases.grant(grant).get().getID();
    }

    /** Puts the key in line unless it stands there; gone again if the client goes meanwhile. */
    Claim stand(ByteString name, long lease, ByteString value)
            throws InterruptedException, ExecutionException {
        ByteString key = prefix(name).concat(ByteString.copyFromUtf8(Long.toHexString(lease)));
        TxnRequest request =
                TxnRequest.newBuilder()
                        .addCompare(madeAt(key, 0))
                        .addSuccess(put(key, value, lease))
                        .addFailure(
                                RequestOp.newBuilder()
                                        .setRequestRange(RangeRequest.newBuilder().setKey(key)))
                        .build();
        CompletableFuture<TxnResponse> standing = kv.txn(request);
        TxnResponse response;
        try {
            response = standing.get();
        } catch (InterruptedException e) {
            var _ = standing.whenComplete((done, failure) -> leave(key));
            throw e;
        }
        if (response.getSucceeded()) {
            long revision = response.getHeader().getRevision();
            return new Claim(key, revision, value, response.getHeader());
        }
        var before = response.getResponses(0).getResponseRange().getKvs(0);
        return new Claim(key, before.getCreateRevision(), before.getValue(), response.getHeader());
    }

    /**
     * Waits until nothing is left that stood there before the claim. The claim is gone if this
     * fails or is interrupted.
     */
    ResponseHeader await(ByteString name, Claim claim)
            throws InterruptedException, ExecutionException {
        boolean first = false;
        try {
            while (true) {
                RangeResponse before = lastBefore(name, claim.createRevision()).get();
                if (before.getKvsCount() == 0) {
                    first = true;
                    return before.getHeader();
                }
                awaitDeletion(before.getKvs(0).getKey(), before.getHeader().getRevision());
            }
        } finally {
            if (!first) {
                leave(claim.key());
            }
        }
    }

    private CompletableFuture<RangeResponse> lastBefore(ByteString name, long createRevision) {
        return kv.range(
                all(name)
                        .setMaxCreateRevision(createRevision - 1)
                        .setSortOrder(RangeRequest.SortOrder.DESCEND)
                        .build());
    }

    /** Returns early when the watch is ended, by compaction say: the caller looks again. */
    private void awaitDeletion(ByteString key, long afterRevision) throws InterruptedException {
        WatchCreateRequest deletions =
                WatchCreateRequest.newBuilder()
                        .setKey(key)
                        .setStartRevision(afterRevision + 1)
                        .addFilters(WatchCreateRequest.FilterType.NOPUT)
                        .build();
        try (WaitingWatch watch = watch(deletions)) {
            boolean there = true;
            while (there) {
                WatchResponse response = watch.next();
                there =
                        !response.getCanceled()
                                && response.getEventsList().stream().noneMatch(Claims::isDeletion);
            }
        }
    }

    private static boolean isDeletion(Event event) {
        return event.getType() == Event.EventType.DELETE;
    }

    WaitingWatch watch(WatchCreateRequest request) {
        return new WaitingWatch(watches, request);
    }

    /** Whose key was made first. */
    CompletableFuture<RangeResponse> holder(ByteString name) {
        return kv.range(all(name).setSortOrder(RangeRequest.SortOrder.ASCEND).build());
    }

    CompletableFuture<RangeResponse> read(ByteString key) {
        return kv.range(RangeRequest.newBuilder().setKey(key).build());
    }

    /** Does something only if the key is still the one made at a revision. */
    CompletableFuture<TxnResponse> ifMadeAt(ByteString key, long revision, RequestOp operation) {
        return kv.txn(
                TxnRequest.newBuilder()
                        .addCompare(madeAt(key, revision))
                        .addSuccess(operation)
                        .build());
    }

    /** Takes a key out of the line, whatever became of its client; its lease is the fallback. */
    void leave(ByteString key) {
        var _ =
                delete(key)
                        .whenComplete((done, failure) -> {
                            if (failure != null) {
                                log.info(
                                        "delete {} of a client that has gone: {}; its lease will",
                                        key.toStringUtf8(),
                                        failure.toString());
                            }
                        });
    }

    CompletableFuture<ResponseHeader> delete(ByteString key) {
        return kv.deleteRange(DeleteRangeRequest.newBuilder().setKey(key).build())
                .thenApply(done -> done.getHeader());
    }

    static RequestOp put(ByteString key, ByteString value, long lease) {
        return RequestOp.newBuilder()
                .setRequestPut(PutRequest.newBuilder().setKey(key).setValue(value).setLease(lease))
                .build();
    }

    private static Compare madeAt(ByteString key, long revision) {
        return Compare.newBuilder()
                .setKey(key)
                .setTarget(Compare.CompareTarget.CREATE)
                .setResult(Compare.CompareResult.EQUAL)
                .setCreateRevision(revision)
                .build();
    }

    static ByteString prefix(ByteString name) {
        return name.concat(ByteString.copyFromUtf8("/"));
    }

    /** What is not below the prefix any more: 0 follows the slash. */
    static ByteString prefixEnd(ByteString name) {
        return name.concat(ByteString.copyFromUtf8("0"));
    }

    private static RangeRequest.Builder all(ByteString name) {
        return RangeRequest.newBuilder()
                .setKey(prefix(name))
                .setRangeEnd(prefixEnd(name))
                .setSortTarget(RangeRequest.SortTarget.CREATE)
                .setLimit(1);
    }
}
