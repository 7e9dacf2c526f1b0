package flotilla.fleet.cluster;

import flotilla.fleet.schedule.Requirements;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What units ask for by their texts. That which a unit is wanted with is parsed once. */
final class Readings {
    private final Texts texts;
    private final Map<String, Reading> wanted = new HashMap<>();

    private record Reading(String hash, Requirements requirements) {}

    Readings(Texts texts) {
        this.texts = texts;
    }

    /** Empty when the text is missing or can't be honoured. */
    Optional<Requirements> wanted(String unit, String hash) {
        Optional<String> text = texts.text(hash);
        Reading known = wanted.get(unit);
        if (text.isPresent() && known != null && known.hash().equals(hash)) {
            return Optional.of(known.requirements());
        }
        Optional<Requirements> found = text.flatMap(its -> Requirements.of(unit, its));
        found.ifPresent(its -> wanted.put(unit, new Reading(hash, its)));
        return found;
    }

    /** By a text that it may not be wanted with any more; the same. */
    Optional<Requirements> of(String unit, String hash) {
        Reading known = wanted.get(unit);
        return known != null && known.hash().equals(hash)
                ? wanted(unit, hash)
                : texts.text(hash).flatMap(text -> Requirements.of(unit, text));
    }

    void forget(String unit) {
        wanted.remove(unit);
    }
}
