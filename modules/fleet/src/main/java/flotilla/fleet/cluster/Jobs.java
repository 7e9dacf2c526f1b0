package flotilla.fleet.cluster;

import flotilla.fleet.job.Job;
import flotilla.units.UnitName;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is wanted of each unit, by name; and which units share a text, or a wave of restarts. */
final class Jobs {
    private final NavigableMap<String, Versioned<Job>> jobs = new TreeMap<>();
    private final Groups byText = new Groups();
    private final Groups byWave = new Groups();
    private final Texts texts;

    /**
     * @param texts hears which of them are named
     */
    Jobs(Texts texts) {
        this.texts = texts;
    }

    void put(Job job, long revision) {
        remove(job.name());
        jobs.put(job.name(), new Versioned<>(job, revision));
        byText.add(job.hash(), job.name());
        texts.named(job.hash(), 1);
        job.turn().ifPresent(turn -> byWave.add(turn.id(), job.name()));
    }

    void remove(String unit) {
        Versioned<Job> before = jobs.remove(unit);
        if (before != null) {
            byText.remove(before.value().hash(), unit);
            texts.named(before.value().hash(), -1);
            before.value().turn().ifPresent(turn -> byWave.remove(turn.id(), unit));
        }
    }

    @Nullable Versioned<Job> find(String unit) {
        return jobs.get(unit);
    }

    int size() {
        return jobs.size();
    }

    Set<String> names() {
        return Collections.unmodifiableSet(jobs.keySet());
    }

    /** By name. */
    Collection<Job> all() {
        return jobs.values().stream().map(Versioned::value).toList();
    }

    List<Job> instances(UnitName template) {
        String begin = template.prefix() + "@";
        return jobs.subMap(begin, false, begin + Character.MAX_VALUE, false).values().stream()
                .map(Versioned::value)
                .filter(job -> UnitName.problem(job.name()).isEmpty())
                .filter(job ->
                        new UnitName(job.name()).template().filter(template::equals).isPresent())
                .toList();
    }

    Set<String> withText(String hash) {
        return byText.of(hash);
    }

    Set<String> inWave(String id) {
        return byWave.of(id);
    }
}
