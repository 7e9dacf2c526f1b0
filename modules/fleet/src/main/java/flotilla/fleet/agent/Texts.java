package flotilla.fleet.agent;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Texts that units wait for: the store is asked for all of them together. */
final class Texts {
    private final Question question = new Question();
    private final Map<String, String> wishes = new TreeMap<>();
    private Set<String> asked = Set.of();

    /**
     * The unit waits for that text from now on.
     *
     * @param hash empty for none
     */
    void wish(String unit, String hash) {
        if (hash.isEmpty()) {
            wishes.remove(unit);
        } else {
            wishes.put(unit, hash);
        }
    }

    /** The units that wait. */
    Collection<String> waiting() {
        return wishes.keySet();
    }

    /** What was found, by hash: empty for one that the store has not. */
    Map<String, Optional<String>> read(Event.TextsRead answer, long now) {
        Map<String, Optional<String>> found = new HashMap<>();
        boolean well = answer.problem().isEmpty();
        if (question.answered(answer.order(), well, now) && well) {
            asked.forEach(hash -> found.put(hash, Optional.ofNullable(answer.texts().get(hash))));
        }
        return found;
    }

    void ask(Pass pass) {
        if (!wishes.isEmpty() && question.isFree(pass)) {
            asked = new TreeSet<>(wishes.values());
            pass.add(new Action.ReadTexts(question.ask(pass), asked));
        }
    }
}
