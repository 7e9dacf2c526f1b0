package flotilla.fleet.cluster;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The unit texts by their hashes, and which of them nothing names. */
final class Texts {
    private final Map<String, Versioned<String>> texts = new HashMap<>();

    /** How many things name a text, there or not. */
    private final Map<String, Integer> uses = new HashMap<>();

    private final SortedMap<String, Long> unused = new TreeMap<>();

    void put(String hash, String text, long revision) {
        texts.put(hash, new Versioned<>(text, revision));
        judge(hash);
    }

    void remove(String hash) {
        texts.remove(hash);
        judge(hash);
    }

    /** One thing more names it, or one thing less. */
    void named(String hash, int more) {
        uses.merge(hash, more, Integer::sum);
        uses.remove(hash, 0);
        judge(hash);
    }

    private void judge(String hash) {
        Versioned<String> text = texts.get(hash);
        if (text != null && !uses.containsKey(hash)) {
            unused.put(hash, text.revision());
        } else {
            unused.remove(hash);
        }
    }

    @Nullable Versioned<String> find(String hash) {
        return texts.get(hash);
    }

    Optional<String> text(String hash) {
        return Optional.ofNullable(texts.get(hash)).map(Versioned::value);
    }

    /** Those that nothing names, by hash, with the revisions of their last writes. */
    SortedMap<String, Long> unused() {
        return Collections.unmodifiableSortedMap(unused);
    }
}
