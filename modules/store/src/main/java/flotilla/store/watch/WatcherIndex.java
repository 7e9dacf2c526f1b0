package flotilla.store.watch;

import com.google.protobuf.ByteString;
import flotilla.store.apply.mvcc.KeyRange;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Finds the watchers of a key. Watches are nearly always on one key or on a prefix: those are found
 * by hashing the key and each of its prefixes whose length is in use, so that an event costs the
 * same with ten watchers as with ten thousand. Other ranges are tried one by one.
 */
final class WatcherIndex {
    private final Map<ByteString, Set<Watcher>> byKey = new HashMap<>();
    private final Map<ByteString, Set<Watcher>> byPrefix = new HashMap<>();

    /** How many distinct prefixes of each length there are. */
    private final TreeMap<Integer, Integer> prefixLengths = new TreeMap<>();

    private final Set<Watcher> byRange = new LinkedHashSet<>();
    private final Set<Watcher> all = new LinkedHashSet<>();

    void add(Watcher watcher) {
        all.add(watcher);
        KeyRange range = watcher.range;
        if (range.isSingleKey()) {
            byKey.computeIfAbsent(range.start(), key -> new LinkedHashSet<>()).add(watcher);
        } else if (range.isPrefix()) {
            if (!byPrefix.containsKey(range.start())) {
                prefixLengths.merge(range.start().size(), 1, Integer::sum);
            }
            byPrefix.computeIfAbsent(range.start(), key -> new LinkedHashSet<>()).add(watcher);
        } else {
            byRange.add(watcher);
        }
    }

    void remove(Watcher watcher) {
        all.remove(watcher);
        KeyRange range = watcher.range;
        if (range.isSingleKey()) {
            removeFrom(byKey, watcher);
        } else if (range.isPrefix()) {
            if (removeFrom(byPrefix, watcher)) {
                prefixLengths.computeIfPresent(
                        range.start().size(), (length, uses) -> uses == 1 ? null : uses - 1);
            }
        } else {
            byRange.remove(watcher);
        }
    }

    /** Whether the last watcher under its key went. */
    private static boolean removeFrom(Map<ByteString, Set<Watcher>> map, Watcher watcher) {
        ByteString key = watcher.range.start();
        Set<Watcher> watchers = map.get(key);
        return watchers != null
                && watchers.remove(watcher)
                && watchers.isEmpty()
                && map.remove(key) != null;
    }

    void forEachOf(ByteString key, Consumer<Watcher> action) {
        byKey.getOrDefault(key, Set.of()).forEach(action);
        for (int length : prefixLengths.headMap(key.size(), true).keySet()) {
            byPrefix.getOrDefault(key.substring(0, length), Set.of()).forEach(action);
        }
        for (Watcher watcher : byRange) {
            if (watcher.range.contains(key)) {
                action.accept(watcher);
            }
        }
    }

    boolean contains(Watcher watcher) {
        return all.contains(watcher);
    }

    Collection<Watcher> all() {
        return all;
    }
}
