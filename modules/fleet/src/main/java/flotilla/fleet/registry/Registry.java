package flotilla.fleet.registry;

import com.google.protobuf.ByteString;
import flotilla.client.Election;
import flotilla.client.EtcdClient;
import flotilla.client.KeyRange;
import flotilla.client.LeaseKeeper;
import flotilla.client.LeaseStream;
import flotilla.client.Listing;
import flotilla.client.Txn;
import flotilla.client.WatchListener;
import flotilla.client.WatchSpec;
import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.platform.Clock;
import flotilla.platform.Registration;
import flotilla.protocol.Compare;
import flotilla.protocol.Event;
import flotilla.protocol.KeyValue;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.RangeResponse;
import flotilla.protocol.RequestOp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Typed reading and writing of fleet's keys. Reads are linearizable; all calls block and fail with
 * {@code EtcdClientException}. A value that can't be read is logged, once, and is {@link
 * Entry.Unreadable}, which no caller that asks for a kind of entry sees.
 */
public final class Registry {
    /** Operations put into one transaction; etcd takes 128 unless told otherwise. */
    public static final int MAX_OPERATIONS = 120;

    /** Keys read at a time where no values are: some hundred kilobytes. */
    private static final int KEYS = 5_000;

    private static final Logger log = LoggerFactory.getLogger(Registry.class);

    /** Unreadable values remembered so as not to be told of again; then it begins anew. */
    private static final int MAX_COMPLAINTS = 1_000;

    private final Map<ByteString, Long> unreadable = new ConcurrentHashMap<>();
    private final EtcdClient client;
    private final Layout layout;
    private final History history;

    /**
     * @param clock by which history is dated
     */
    public Registry(EtcdClient client, Layout layout, Clock clock) {
        this.client = client;
        this.layout = layout;
        this.history = new History(this, client, clock);
    }

    public Layout layout() {
        return layout;
    }

    public History history() {
        return history;
    }

    public Optional<Stored> get(Key key) {
        return client.get(layout.path(key)).flatMap(this::stored);
    }

    /** As {@link #get}, when only the value matters. */
    public <E extends Entry> Optional<E> get(Key key, Class<E> kind) {
        return get(key).map(Stored::entry).filter(kind::isInstance).map(kind::cast);
    }

    /** What is under a prefix of the layout's, in order of keys, at one revision. */
    public List<Stored> list(String prefix) {
        return stored(client.getPrefix(prefix).kvs());
    }

    public <E extends Entry> List<E> list(String prefix, Class<E> kind) {
        return list(prefix).stream()
                .map(Stored::entry)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    /**
     * Reads no more than that many keys of a prefix of the layout's, in order.
     *
     * @param after the name below the prefix to go on after; empty to begin
     */
    public <E extends Entry> Part<E> part(String prefix, String after, int limit, Class<E> kind) {
        RangeResponse read = client.get(range(prefix, after).setLimit(limit).build());
        List<E> entries =
                stored(read.getKvsList()).stream()
                        .map(Stored::entry)
                        .filter(kind::isInstance)
                        .map(kind::cast)
                        .toList();
        return new Part<>(entries, last(prefix, read), read.getMore());
    }

    /**
     * The name after which a part begins that so many keys come before; empty when there are not
     * that many. Reads no values.
     */
    public Optional<String> after(String prefix, int count) {
        String after = "";
        for (int left = count; left > 0; ) {
            RangeRequest.Builder next = range(prefix, after).setKeysOnly(true);
            RangeResponse read = client.get(next.setLimit(Math.min(left, KEYS)).build());
            if (!read.getMore()) {
                return Optional.empty();
            }
            left -= read.getKvsCount();
            after = last(prefix, read);
        }
        return Optional.of(after);
    }

    static String last(String prefix, RangeResponse read) {
        int count = read.getKvsCount();
        return count == 0
                ? ""
                : read.getKvs(count - 1).getKey().toStringUtf8().substring(prefix.length());
    }

    /** All keys below a prefix of the layout's, without their values. */
    public List<Key> keys(String prefix) {
        List<Key> keys = new ArrayList<>();
        String after = "";
        RangeResponse read;
        do {
            read = client.get(range(prefix, after).setLimit(KEYS).setKeysOnly(true).build());
            read.getKvsList().forEach(kv -> key(kv.getKey()).ifPresent(keys::add));
            after = last(prefix, read);
        } while (read.getMore());
        return keys;
    }

    static RangeRequest.Builder range(String prefix, String after) {
        KeyRange all = KeyRange.prefix(prefix);
        ByteString from =
                after.isEmpty()
                        ? all.key()
                        : ByteString.copyFromUtf8(prefix + after + Character.MIN_VALUE);
        return RangeRequest.newBuilder().setKey(from).setRangeEnd(all.end());
    }

    /** What is under each of many small prefixes of the layout's, in few calls. */
    public <E extends Entry> List<E> list(List<String> prefixes, Class<E> kind) {
        List<E> found = new ArrayList<>();
        for (int from = 0; from < prefixes.size(); from += MAX_OPERATIONS) {
            int to = Math.min(prefixes.size(), from + MAX_OPERATIONS);
            Txn txn = client.txn();
            prefixes.subList(from, to)
                    .forEach(prefix -> txn.then(Txn.get(range(prefix, "").build())));
            txn.commit().getResponsesList().stream()
                    .flatMap(response -> stored(response.getResponseRange().getKvsList()).stream())
                    .map(Stored::entry)
                    .filter(kind::isInstance)
                    .map(kind::cast)
                    .forEach(found::add);
        }
        return found;
    }

    /** The entries of many keys, in few calls; absent ones are left out. */
    public Map<Key, Entry> getAll(Collection<? extends Key> keys) {
        Map<Key, Entry> found = new HashMap<>();
        storedAll(keys).forEach((key, stored) -> found.put(key, stored.entry()));
        return found;
    }

    /** As {@link #getAll}, with the revisions. */
    public Map<Key, Stored> storedAll(Collection<? extends Key> keys) {
        Map<Key, Stored> found = new HashMap<>();
        List<Key> distinct = keys.stream().<Key>map(key -> key).distinct().toList();
        for (int from = 0; from < distinct.size(); from += MAX_OPERATIONS) {
            int to = Math.min(distinct.size(), from + MAX_OPERATIONS);
            Txn txn = client.txn();
            distinct.subList(from, to).forEach(key -> txn.then(Txn.get(layout.path(key))));
            txn.commit().getResponsesList().stream()
                    .flatMap(response -> response.getResponseRange().getKvsList().stream())
                    .flatMap(kv -> stored(kv).stream())
                    .forEach(stored -> found.put(stored.entry().key(), stored));
        }
        return found;
    }

    /** Reads all there is, then every change, until closed; survives the loss of the store. */
    public Registration follow(String prefix, ChangeListener listener) {
        return Following.start(this, prefix, listener);
    }

    Listing listing(String prefix) {
        return client.getPrefix(prefix);
    }

    Registration watch(WatchSpec spec, WatchListener listener) {
        return client.watch(spec, listener);
    }

    /**
     * A lease that is kept until it is closed, or lost.
     *
     * @param onLost as of {@link LeaseKeeper#grant}
     */
    public LeaseKeeper lease(Duration ttl, Runnable onLost) {
        return LeaseKeeper.grant(client, ttl, onLost);
    }

    /** A lease that whoever asked for it renews, by {@link #renewals}. */
    public long grant(Duration ttl) {
        return client.grantLease(ttl);
    }

    public LeaseStream renewals(long lease) {
        return client.renewals(lease);
    }

    /** Ends a lease, and what is written under it. */
    public void revoke(long lease) {
        client.revokeLease(lease);
    }

    /** The election of the engine. */
    public Election election() {
        return new Election(client, layout.engine());
    }

    /** Asks which members the store has, so that it is reached when those known so far are gone. */
    public void learnMembers() {
        client.learnMembers();
    }

    /**
     * Tells every change below the layout's prefix after a revision, until closed; survives the
     * loss of the store.
     */
    public Registration tail(long afterRevision, TailListener listener) {
        WatchSpec spec = WatchSpec.prefix(layout.prefix(), afterRevision + 1);
        return client.watch(spec, new Tail(this, listener));
    }

    /** The store's revision: what is read from now on is of this one or a later one. */
    public long revision() {
        RangeRequest nothing =
                RangeRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(layout.prefix()))
                        .setCountOnly(true)
                        .build();
        return client.get(nothing).getHeader().getRevision();
    }

    public Txn txn() {
        return client.txn();
    }

    public RequestOp put(Entry entry) {
        return put(entry, 0);
    }

    /**
     * @param lease the key goes with it; 0 for none
     */
    public RequestOp put(Entry entry, long lease) {
        return Txn.put(layout.path(entry.key()), Codec.encode(entry), lease);
    }

    public RequestOp delete(Key key) {
        return Txn.delete(layout.path(key));
    }

    /** Unchanged since that revision; 0 when it should not exist. */
    public Compare unchanged(Key key, long revision) {
        return Txn.modRevision(layout.path(key), revision);
    }

    public Compare exists(Key key) {
        return Txn.exists(layout.path(key));
    }

    List<Stored> stored(List<KeyValue> kvs) {
        List<Stored> entries = new ArrayList<>(kvs.size());
        kvs.forEach(kv -> stored(kv).ifPresent(entries::add));
        return entries;
    }

    Optional<Stored> stored(KeyValue kv) {
        Optional<Key> key = key(kv.getKey());
        if (key.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Stored(Codec.decode(key.get(), kv.getValue()), kv.getModRevision()));
        } catch (BadValueException e) {
            complain(kv, e);
            return Optional.of(new Stored(new Entry.Unreadable(key.get()), kv.getModRevision()));
        }
    }

    /** Empty for what is not ours. */
    Optional<Change> change(Event event) {
        return event.getType() == Event.EventType.DELETE
                ? key(event.getKv().getKey()).map(Change.Removed::new)
                : stored(event.getKv()).map(now -> new Change.Put(now.entry(), now.revision()));
    }

    private void complain(KeyValue kv, BadValueException problem) {
        if (unreadable.size() > MAX_COMPLAINTS) {
            unreadable.clear();
        }
        if (!Objects.equals(
                unreadable.put(kv.getKey(), kv.getModRevision()), kv.getModRevision())) {
            log.error("left alone: {}", problem.getMessage());
        }
    }

    Optional<Key> key(ByteString path) {
        return layout.key(path.toStringUtf8());
    }
}
