package flotilla.client;

import com.google.protobuf.ByteString;
import flotilla.platform.Registration;
import flotilla.protocol.Compare;
import flotilla.protocol.Event;
import flotilla.protocol.KeyValue;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.RangeRequest.SortOrder;
import flotilla.protocol.RangeRequest.SortTarget;
import flotilla.protocol.RangeResponse;
import flotilla.protocol.TxnResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * etcd's election recipe ({@code clientv3/concurrency}): each candidate puts a key under its lease;
 * the one created first leads, each other waits for the candidate just before it to go.
 */
public final class Election {
    private static final Logger log = LoggerFactory.getLogger(Election.class);

    private final EtcdClient client;
    private final String prefix;

    /**
     * @param name the key prefix; candidates put {@code name/<lease id in hex>}
     */
    public Election(EtcdClient client, String name) {
        this.client = client;
        this.prefix = name + "/";
    }

    /**
     * Leadership won.
     *
     * @param createRevision identifies this term of office; grows from leader to leader
     */
    public record Leadership(Election election, String key, long createRevision) {
        /** A condition for transactions that only the leader of this term may make. */
        public Compare guard() {
            return Txn.createRevision(key, createRevision);
        }

        /** Announces another value; false when this term is over. */
        public boolean proclaim(ByteString value, long lease) {
            return election.client
                    .txn()
                    .when(guard())
                    .then(Txn.put(key, value, lease))
                    .commit()
                    .getSucceeded();
        }

        public void resign() {
            election.client.txn().when(guard()).then(Txn.delete(key)).commit();
        }
    }

    /**
     * Blocks until elected. Interrupting it withdraws the candidacy; so does losing the lease,
     * which fails with LeaseNotFound.
     */
    public Leadership campaign(LeaseKeeper lease, ByteString value) throws InterruptedException {
        String key = prefix + Long.toHexString(lease.id());
        long createRevision = register(key, value, lease.id());
        Leadership candidacy = new Leadership(this, key, createRevision);
        boolean won = false;
        try {
            while (true) {
                if (!lease.held()) {
                    throw new EtcdClientException.LeaseNotFound(
                            "campaign for " + prefix + ": lease lost while waiting");
                }
                Optional<Waiting> before = predecessor(createRevision);
                if (before.isEmpty()) {
                    won = stands(key, createRevision);
                    if (won) {
                        return candidacy;
                    }
                    throw new EtcdClientException.LeaseNotFound(
                            "campaign for " + prefix + ": candidacy gone with its lease");
                }
                awaitDeletion(before.get(), lease);
            }
        } finally {
            if (!won) {
                withdraw(candidacy, lease);
            }
        }
    }

    private record Waiting(ByteString key, long fromRevision) {}

    private long register(String key, ByteString value, long lease) {
        TxnResponse response =
                client.txn()
                        .when(Txn.absent(key))
                        .then(Txn.put(key, value, lease))
                        .otherwise(Txn.get(key))
                        .commit();
        if (response.getSucceeded()) {
            return response.getHeader().getRevision();
        }
        KeyValue own = response.getResponses(0).getResponseRange().getKvs(0);
        if (!own.getValue().equals(value)) {
            new Leadership(this, key, own.getCreateRevision()).proclaim(value, lease);
        }
        return own.getCreateRevision();
    }

    private boolean stands(String key, long createRevision) {
        return client.get(key).filter(kv -> kv.getCreateRevision() == createRevision).isPresent();
    }

    private Optional<Waiting> predecessor(long createRevision) {
        RangeResponse response =
                client.get(
                        candidates(SortOrder.DESCEND)
                                .setMaxCreateRevision(createRevision - 1)
                                .build());
        long next = response.getHeader().getRevision() + 1;
        return response.getKvsList().stream().findFirst().map(kv -> new Waiting(kv.getKey(), next));
    }

    private void awaitDeletion(Waiting waiting, LeaseKeeper lease) throws InterruptedException {
        CompletableFuture<Void> over = new CompletableFuture<>();
        WatchSpec spec =
                new WatchSpec(KeyRange.key(waiting.key()), waiting.fromRevision(), false, false);
        WatchListener gone =
                new WatchListener() {
                    @Override
                    public void onEvents(List<Event> events) {
                        if (events.stream().anyMatch(e -> e.getType() == Event.EventType.DELETE)) {
                            over.complete(null);
                        }
                    }

                    @Override
                    public void onCompacted(long compactRevision) {
                        over.complete(null);
                    }

                    @Override
                    public void onFailed(RuntimeException failure) {
                        over.completeExceptionally(failure);
                    }
                };
        try (Registration watch = client.watch(spec, gone)) {
            CompletableFuture.anyOf(over, lease.lost()).get();
        } catch (ExecutionException e) {
            throw new EtcdClientException.Unavailable(
                    "campaign for " + prefix + ": waiting for " + waiting.key().toStringUtf8(),
                    e.getCause());
        }
    }

    private static void withdraw(Leadership candidacy, LeaseKeeper lease) {
        boolean interrupted = Thread.interrupted();
        try {
            if (lease.held()) {
                candidacy.resign();
            }
        } catch (EtcdClientException e) {
            log.info("candidacy {} left to its lease: {}", candidacy.key(), e.getMessage());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Who leads now: the candidate's key, value and create revision. */
    public Optional<KeyValue> leader() {
        return client.get(candidates(SortOrder.ASCEND).build()).getKvsList().stream().findFirst();
    }

    private RangeRequest.Builder candidates(SortOrder order) {
        KeyRange range = KeyRange.prefix(prefix);
        return RangeRequest.newBuilder()
                .setKey(range.key())
                .setRangeEnd(range.end())
                .setSortTarget(SortTarget.CREATE)
                .setSortOrder(order)
                .setLimit(1);
    }

    /**
     * Tells the leader now, and again whenever something changed among the candidates; empty while
     * there is none. Values may repeat.
     */
    public Registration observe(Consumer<Optional<KeyValue>> listener) {
        return client.watch(
                WatchSpec.prefix(prefix, 0),
                new WatchListener() {
                    @Override
                    public void onBegun(long nextRevision) {
                        listener.accept(leader());
                    }

                    @Override
                    public void onEvents(List<Event> events) {
                        listener.accept(leader());
                    }
                });
    }
}
