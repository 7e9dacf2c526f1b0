package flotilla.fleet.registry;

import flotilla.client.EtcdClient;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.job.Deed;
import flotilla.protocol.KeyValue;
import flotilla.protocol.RangeResponse;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One look through history, a part at a time: it holds no more lines than are asked for. Where keys
 * say which are wanted only keys are looked through, and then those lines read.
 */
final class HistorySearch {
    /** Lines read at a time: some hundred kilobytes. */
    private static final int LINES = 1_000;

    /** Keys read at a time: some hundred kilobytes. */
    private static final int KEYS = 5_000;

    private final Registry registry;
    private final EtcdClient client;
    private final History.Wanted wanted;
    private final NavigableMap<HistoryPlace, Optional<Deed>> found = new TreeMap<>();
    private boolean hasOlder;

    HistorySearch(Registry registry, EtcdClient client, History.Wanted wanted) {
        this.registry = registry;
        this.client = client;
        this.wanted = wanted;
    }

    HistoryPage newest(int limit, HistoryPlace before) {
        String prefix = registry.layout().history();
        String after = "";
        RangeResponse read;
        do {
            read = part(prefix, after);
            for (KeyValue line : read.getKvsList()) {
                HistoryPlace place =
                        new HistoryPlace(line.getModRevision(), line.getKey().toStringUtf8());
                if (place.compareTo(before) < 0 && isNamed(line)) {
                    take(place, line, limit);
                }
            }
            after = Registry.last(prefix, read);
        } while (read.getMore());
        return new HistoryPage(
                wanted.told().isPresent()
                        ? found.values().stream().flatMap(Optional::stream).toList()
                        : read(found.navigableKeySet()),
                hasOlder ? Optional.of(found.firstKey()) : Optional.empty());
    }

    private RangeResponse part(String prefix, String after) {
        boolean keysOnly = wanted.told().isEmpty();
        return client.get(
                Registry.range(prefix, after)
                        .setKeysOnly(keysOnly)
                        .setLimit(keysOnly ? KEYS : LINES)
                        .build());
    }

    private boolean isNamed(KeyValue line) {
        return registry.key(line.getKey())
                .filter(Key.OfHistory.class::isInstance)
                .map(Key.OfHistory.class::cast)
                .filter(wanted.named())
                .isPresent();
    }

    private void take(HistoryPlace place, KeyValue line, int limit) {
        Optional<Deed> deed =
                wanted.told()
                        .flatMap(told ->
                                registry.stored(line).flatMap(HistorySearch::deed).filter(told));
        if (deed.isEmpty() && wanted.told().isPresent()) {
            return;
        }
        found.put(place, deed);
        if (found.size() > limit) {
            found.pollFirstEntry();
            hasOlder = true;
        }
    }

    private static Optional<Deed> deed(Stored stored) {
        return stored.entry() instanceof Entry.OfHistory(Deed deed)
                ? Optional.of(deed)
                : Optional.empty();
    }

    /** Those that have gone meanwhile are left out. */
    private List<Deed> read(Collection<HistoryPlace> places) {
        List<Key> keys =
                places.stream()
                        .flatMap(place -> registry.layout().key(place.path()).stream())
                        .toList();
        Map<Key, Entry> there = registry.getAll(keys);
        return keys.stream()
                .map(there::get)
                .filter(Entry.OfHistory.class::isInstance)
                .map(entry -> ((Entry.OfHistory) entry).deed())
                .toList();
    }
}
