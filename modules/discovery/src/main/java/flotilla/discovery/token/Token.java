package flotilla.discovery.token;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One token's keys. Owned by its tree. */
public final class Token {
    private final String name;
    private final int size;
    private final long created;
    private long changedMillis;
    private final Map<String, Entry> entries = new TreeMap<>();

    Token(String name, int size, long created, long nowMillis) {
        this.name = name;
        this.size = size;
        this.created = created;
        this.changedMillis = nowMillis;
    }

    public String name() {
        return name;
    }

    /** How many members the cluster has. */
    public int size() {
        return size;
    }

    /** The index at which it was made; {@code _config/size} has it too. */
    public long created() {
        return created;
    }

    /** When it, or a key of it, last changed; in ms since 1970. */
    public long changedMillis() {
        return changedMillis;
    }

    public Optional<Entry> entry(String key) {
        return Optional.ofNullable(entries.get(key));
    }

    /** What a listing shows, by key. */
    public List<Entry> visible() {
        return entries.values().stream().filter(entry -> !entry.hidden()).toList();
    }

    /** The first {@code size} to register, in their order: the members. */
    public List<Entry> members() {
        return visible().stream()
                .sorted(Comparator.comparingLong(Entry::created))
                .limit(size)
                .toList();
    }

    int count() {
        return entries.size();
    }

    /** Everything, hidden or not. */
    public List<Entry> all() {
        return List.copyOf(entries.values());
    }

    List<Entry> expired(long nowMillis) {
        List<Entry> expired = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (entry.expired(nowMillis)) {
                expired.add(entry);
            }
        }
        return expired;
    }

    public boolean hasExpired(long nowMillis) {
        return entries.values().stream().anyMatch(entry -> entry.expired(nowMillis));
    }

    void put(Entry entry, long nowMillis) {
        entries.put(entry.key(), entry);
        changedMillis = nowMillis;
    }

    @Nullable Entry remove(String key, long nowMillis) {
        changedMillis = nowMillis;
        return entries.remove(key);
    }
}
