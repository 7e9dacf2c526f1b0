package flotilla.client;

import com.google.protobuf.ByteString;
import flotilla.platform.Registration;
import flotilla.protocol.ClusterGrpc;
import flotilla.protocol.CompactionRequest;
import flotilla.protocol.DeleteRangeRequest;
import flotilla.protocol.DeleteRangeResponse;
import flotilla.protocol.KVGrpc;
import flotilla.protocol.KeyValue;
import flotilla.protocol.LeaseGrantRequest;
import flotilla.protocol.LeaseGrpc;
import flotilla.protocol.LeaseRevokeRequest;
import flotilla.protocol.LeaseTimeToLiveRequest;
import flotilla.protocol.LeaseTimeToLiveResponse;
import flotilla.protocol.MaintenanceGrpc;
import flotilla.protocol.Member;
import flotilla.protocol.MemberListRequest;
import flotilla.protocol.PutRequest;
import flotilla.protocol.PutResponse;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.RangeResponse;
import flotilla.protocol.RequestOp;
import flotilla.protocol.StatusRequest;
import flotilla.protocol.StatusResponse;
import flotilla.protocol.TxnRequest;
import flotilla.protocol.TxnResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A cluster of etcd members as one thing to call. Calls block (use virtual threads), are safe from
 * any thread, end within {@link ClientConfig#requestTimeout} and fail with {@link
 * EtcdClientException}. Reads are linearizable unless the request says otherwise.
 */
public final class EtcdClient implements AutoCloseable {
    /** Keys fetched at a time by {@link #getPrefix}; keeps single replies small. */
    private static final int PAGE = 1_000;

    private final ClientConfig config;
    private final Endpoints endpoints;

    private EtcdClient(ClientConfig config) {
        this.config = config;
        this.endpoints = new Endpoints(config);
    }

    /** Does not wait for a connection: the first call does. */
    public static EtcdClient connect(ClientConfig config) {
        return new EtcdClient(config);
    }

    public RangeResponse get(RangeRequest request) {
        return endpoints.read(KVGrpc.getRangeMethod(), request);
    }

    public Optional<KeyValue> get(String key) {
        return get(ByteString.copyFromUtf8(key));
    }

    public Optional<KeyValue> get(ByteString key) {
        RangeResponse response = get(RangeRequest.newBuilder().setKey(key).build());
        return response.getKvsList().stream().findFirst();
    }

    /** All keys with the prefix, in order, as they stood at one revision; fetched in pages. */
    public Listing getPrefix(String prefix) {
        return list(KeyRange.prefix(prefix));
    }

    /**
     * As {@link #getPrefix}. Throws Compacted when that revision was compacted between two pages:
     * try again.
     */
    public Listing list(KeyRange range) {
        List<KeyValue> kvs = new ArrayList<>();
        RangeRequest.Builder page =
                RangeRequest.newBuilder()
                        .setKey(range.key())
                        .setRangeEnd(range.end())
                        .setLimit(PAGE);
        while (true) {
            RangeResponse response = get(page.build());
            kvs.addAll(response.getKvsList());
            if (page.getRevision() == 0) {
                page.setRevision(response.getHeader().getRevision());
            }
            if (!response.getMore()) {
                return new Listing(kvs, page.getRevision());
            }
            page.setKey(kvs.getLast().getKey().concat(ByteString.copyFrom(new byte[1])));
        }
    }

    public PutResponse put(PutRequest request) {
        return endpoints.write(KVGrpc.getPutMethod(), request);
    }

    /** Returns the revision of the write. */
    public long put(String key, ByteString value) {
        return put(key, value, 0);
    }

    public long put(String key, String value) {
        return put(key, ByteString.copyFromUtf8(value), 0);
    }

    /**
     * @param lease the key goes when the lease does; 0 for none
     */
    public long put(String key, ByteString value, long lease) {
        PutRequest request =
                PutRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(key))
                        .setValue(value)
                        .setLease(lease)
                        .build();
        return put(request).getHeader().getRevision();
    }

    public DeleteRangeResponse delete(DeleteRangeRequest request) {
        return endpoints.write(KVGrpc.getDeleteRangeMethod(), request);
    }

    /** Returns whether there was such a key. */
    public boolean delete(String key) {
        return delete(KeyRange.key(key)) > 0;
    }

    /** Returns how many keys were deleted. */
    public long delete(KeyRange range) {
        DeleteRangeRequest request =
                DeleteRangeRequest.newBuilder()
                        .setKey(range.key())
                        .setRangeEnd(range.end())
                        .build();
        return delete(request).getDeleted();
    }

    public TxnResponse txn(TxnRequest request) {
        return readOnly(request)
                ? endpoints.read(KVGrpc.getTxnMethod(), request)
                : endpoints.write(KVGrpc.getTxnMethod(), request);
    }

    public Txn txn() {
        return new Txn(this);
    }

    private static boolean readOnly(TxnRequest request) {
        return Stream.concat(request.getSuccessList().stream(), request.getFailureList().stream())
                .allMatch(EtcdClient::readOnly);
    }

    private static boolean readOnly(RequestOp operation) {
        return operation.hasRequestRange()
                || (operation.hasRequestTxn() && readOnly(operation.getRequestTxn()));
    }

    /** Forgets what was before that revision. Compacting there already is a Compacted failure. */
    public void compact(long revision) {
        endpoints.write(
                KVGrpc.getCompactMethod(),
                CompactionRequest.newBuilder().setRevision(revision).build());
    }

    /** The status of one member, which must be one of {@link #endpoints}. */
    public StatusResponse status(String endpoint) {
        return endpoints.ask(
                endpoint, MaintenanceGrpc.getStatusMethod(), StatusRequest.getDefaultInstance());
    }

    public List<String> endpoints() {
        return endpoints.names();
    }

    public List<Member> memberList() {
        return endpoints
                .read(ClusterGrpc.getMemberListMethod(), MemberListRequest.getDefaultInstance())
                .getMembersList();
    }

    /**
     * Asks who else is in the cluster, to go there when the endpoints that were configured fail.
     * Members that serve only https are passed over unless this client speaks TLS, and plain ones
     * when it speaks nothing else.
     */
    public void learnMembers() {
        List<String> known = endpoints.names();
        endpoints.add(
                memberList().stream()
                        .map(config::endpointsOf)
                        .filter(urls -> urls.stream().noneMatch(known::contains))
                        .flatMap(urls -> urls.stream().limit(1))
                        .toList());
    }

    /**
     * Grants a lease that nobody keeps alive (see {@link LeaseKeeper}, {@link #renewals}) and
     * returns its id.
     */
    public long grantLease(Duration ttl) {
        LeaseGrantRequest request =
                LeaseGrantRequest.newBuilder().setTTL(Math.max(1, ttl.toSeconds())).build();
        return endpoints.write(LeaseGrpc.getLeaseGrantMethod(), request).getID();
    }

    /** The way on which a lease is renewed by whoever holds it. */
    public LeaseStream renewals(long lease) {
        return new LeaseStream(endpoints, lease);
    }

    /** Deletes the lease and its keys; fails with LeaseNotFound when there is none. */
    public void revokeLease(long lease) {
        endpoints.write(
                LeaseGrpc.getLeaseRevokeMethod(),
                LeaseRevokeRequest.newBuilder().setID(lease).build());
    }

    /** What is left of a lease; a TTL of -1 when there is none. */
    public LeaseTimeToLiveResponse leaseTimeToLive(long lease) {
        return endpoints.read(
                LeaseGrpc.getLeaseTimeToLiveMethod(),
                LeaseTimeToLiveRequest.newBuilder().setID(lease).build());
    }

    /**
     * Watches until closed or until the listener was told that it is over. Survives the loss of a
     * member: goes on elsewhere from the last revision seen, losing and repeating nothing.
     */
    public Registration watch(WatchSpec spec, WatchListener listener) {
        return ResumingWatch.start(endpoints, spec, listener);
    }

    /** Breaks off every call and watch at once. */
    @Override
    public void close() {
        endpoints.close();
    }
}
