package flotilla.fleet.agent;

import flotilla.units.Glob;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which units are here and to go, for good or to come again by another text, and who waits until
 * they have gone: who must not be beside them, by the one's text or the other's.
 *
 * <p>The scheduler keeps such units apart by what machines are told. A machine that was away hears
 * of a unit's end and of another one's begin together, and only itself knows what it still has, by
 * which text. Nobody waits for ever: whoever leaves waits for nobody, and is killed when it does
 * not stop.
 */
final class Leavers {
    /** Globs of units that must not be beside them. */
    private final Map<String, List<String>> shunned = new TreeMap<>();

    /** By the leaver: each of them waits for one at a time. */
    private final Map<String, Set<String>> waiting = new HashMap<>();

    /**
     * This one is still here, and to go.
     *
     * @param its globs of units that must not be beside it
     */
    void leaves(String unit, List<String> its) {
        shunned.put(unit, its);
    }

    /**
     * This one is not, or no more.
     *
     * @return who waited for it
     */
    Collection<String> gone(String unit) {
        Set<String> waited = shunned.remove(unit) == null ? null : waiting.remove(unit);
        return waited == null ? Set.of() : waited;
    }

    /**
     * Whether a unit has to wait for one that leaves; it is then among those who waited for that.
     * Looks at all that leave: few, or as many as change.
     *
     * @param its globs of units that must not be beside it
     */
    boolean holdUp(String unit, List<String> its) {
        for (Map.Entry<String, List<String>> leaver : shunned.entrySet()) {
            if (shuns(its, leaver.getKey()) || shuns(leaver.getValue(), unit)) {
                waiting.computeIfAbsent(leaver.getKey(), _ -> new TreeSet<>()).add(unit);
                return true;
            }
        }
        return false;
    }

    private static boolean shuns(List<String> globs, String unit) {
        for (String glob : globs) {
            if (Glob.matches(glob, unit)) {
                return true;
            }
        }
        return false;
    }
}
