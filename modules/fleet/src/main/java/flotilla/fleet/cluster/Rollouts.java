package flotilla.fleet.cluster;

import flotilla.fleet.job.Rollout;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** The rollouts that are remembered, by the names of their sets. */
final class Rollouts {
    private final Map<String, Versioned<Rollout>> rollouts = new TreeMap<>();
    private final Texts texts;

    /**
     * @param texts hears which of them a rollout may still need
     */
    Rollouts(Texts texts) {
        this.texts = texts;
    }

    void put(Rollout rollout, long revision) {
        remove(rollout.name());
        rollouts.put(rollout.name(), new Versioned<>(rollout, revision));
        rollout.texts().forEach(hash -> texts.named(hash, 1));
    }

    void remove(String set) {
        Versioned<Rollout> before = rollouts.remove(set);
        if (before != null) {
            before.value().texts().forEach(hash -> texts.named(hash, -1));
        }
    }

    Map<String, Versioned<Rollout>> all() {
        return Collections.unmodifiableMap(rollouts);
    }
}
