package flotilla.conformance.history;

import flotilla.sim.model.Answer;
import flotilla.sim.model.Answer.Got;
import flotilla.sim.model.Answer.Item;
import flotilla.sim.model.Request;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All revisions of a store, as it tells of them when all is over. */
final class Past {
    private static final Request.Get NOW = new Request.Get("k", "l", 0);

    /** By value: the revision that brought it. */
    private final Map<String, Long> brought = new HashMap<>();

    /** By key: the revisions at which it went. */
    private final Map<String, SortedSet<Long>> gone = new HashMap<>();

    private Past() {}

    /** Asks for one revision after the other. Nothing may have been compacted. */
    static Past of(Store store) {
        Past past = new Past();
        long newest = got(store, NOW).revision();
        List<Item> before = List.of();
        for (long revision = 2; revision <= newest; revision++) {
            List<Item> items = got(store, new Request.Get("k", "l", revision)).items();
            past.add(before, items, revision);
            before = items;
        }
        return past;
    }

    private void add(List<Item> before, List<Item> items, long revision) {
        Set<String> there = new HashSet<>();
        for (Item item : items) {
            there.add(item.key());
            if (item.modified() == revision) {
                brought.put(item.value(), revision);
            }
        }
        before.stream()
                .map(Item::key)
                .filter(key -> !there.contains(key))
                .forEach(key -> gone.computeIfAbsent(key, _ -> new TreeSet<>()).add(revision));
    }

    private static Got got(Store store, Request.Get get) {
        Outcome outcome = store.ask(get);
        if (outcome instanceof Outcome.Told(Got got)) {
            return got;
        }
        throw new IllegalStateException("asking for " + get + " when all is over: " + outcome);
    }

    /** What came of a write that brings a value; null if it was never done. */
    @Nullable Answer answer(Request request) {
        return switch (request) {
            case Request.Put put when brought.containsKey(put.value()) ->
                    new Answer.Written(brought.get(put.value()));
            case Request.Txn txn
                    when txn.then().getFirst() instanceof Request.Put put
                            && brought.containsKey(put.value()) -> {
                long revision = brought.get(put.value());
                yield new Answer.Decided(revision, true, List.of(new Answer.Written(revision)));
            }
            default -> null;
        };
    }

    /** The revisions at which a key went. */
    SortedSet<Long> gone(String key) {
        return new TreeSet<>(gone.getOrDefault(key, new TreeSet<>()));
    }
}
