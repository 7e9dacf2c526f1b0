package flotilla.fleet.schedule;

import flotilla.units.Glob;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The clauses that units write, found by a name they may match: ordered by what their globs begin
 * with, so that a name is not held against those that begin otherwise.
 */
final class Clauses {
    private record Key(Clause.Kind kind, List<String> globs) {}

    /**
     * @param part of every name that the glob matches; rules most names out at little cost
     */
    private record Pattern(String glob, String part, Clause clause) {
        boolean matches(String name) {
            return name.contains(part) && Glob.matches(glob, name);
        }
    }

    private final Map<Key, Clause> byKey = new HashMap<>();
    private final NavigableMap<Integer, Map<String, List<Pattern>>> byPrefix = new TreeMap<>();
    private int written;

    @Nullable Clause find(Clause.Kind kind, List<String> globs) {
        return globs.isEmpty() ? null : byKey.get(new Key(kind, globs));
    }

    /** One that is not there yet. */
    Clause add(Clause.Kind kind, List<String> globs) {
        Clause clause = new Clause(kind, globs, written++);
        byKey.put(new Key(kind, clause.globs), clause);
        for (String glob : clause.globs) {
            String prefix = Glob.literalPrefix(glob);
            byPrefix.computeIfAbsent(prefix.length(), _ -> new HashMap<>())
                    .computeIfAbsent(prefix, _ -> new ArrayList<>())
                    .add(new Pattern(glob, Glob.literalPart(glob), clause));
        }
        return clause;
    }

    void remove(Clause clause) {
        byKey.remove(new Key(clause.kind, clause.globs));
        for (String glob : clause.globs) {
            String prefix = Glob.literalPrefix(glob);
            Map<String, List<Pattern>> ofLength = byPrefix.getOrDefault(prefix.length(), Map.of());
            List<Pattern> patterns = ofLength.getOrDefault(prefix, new ArrayList<>());
            patterns.removeIf(pattern -> pattern.clause() == clause);
            if (patterns.isEmpty()) {
                ofLength.remove(prefix);
            }
            if (ofLength.isEmpty()) {
                byPrefix.remove(prefix.length());
            }
        }
    }

    /** Those that name the unit, by number. */
    List<Clause> naming(String unit) {
        Set<Clause> naming = new LinkedHashSet<>();
        byPrefix.headMap(unit.length(), true)
                .forEach((length, ofLength) ->
                        ofLength.getOrDefault(unit.substring(0, length), List.of()).stream()
                                .filter(pattern -> pattern.matches(unit))
                                .forEach(pattern -> naming.add(pattern.clause())));
        return sorted(naming);
    }

    /** Which of the units a clause names. */
    static List<Line> named(Clause clause, NavigableMap<String, Line> units) {
        Set<Line> named = new LinkedHashSet<>();
        for (String glob : clause.globs) {
            String prefix = Glob.literalPrefix(glob);
            Pattern pattern = new Pattern(glob, Glob.literalPart(glob), clause);
            for (Map.Entry<String, Line> unit : units.tailMap(prefix, true).entrySet()) {
                if (!unit.getKey().startsWith(prefix)) {
                    break;
                }
                if (pattern.matches(unit.getKey())) {
                    named.add(unit.getValue());
                }
            }
        }
        return List.copyOf(named);
    }

    static List<Clause> sorted(Collection<Clause> clauses) {
        List<Clause> sorted = new ArrayList<>(clauses);
        sorted.sort(Comparator.comparingInt(clause -> clause.number));
        return Collections.unmodifiableList(sorted);
    }
}
