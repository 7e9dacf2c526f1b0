package flotilla.cloudconfig.document;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The lines that coreos-cloudinit tells. It looks for them in the text: a key stands in the first
 * line that begins with it, from its parent's line on, wherever that is; so in {@code a: {b: c}} b
 * stands nowhere.
 */
final class OriginalLines {
    /** What it tells of a key that it does not find. */
    static final int NOWHERE = 0;

    private final Map<String, List<Integer>> keys = new HashMap<>();
    private final List<Integer> items = new ArrayList<>();
    private final int end;

    OriginalLines(String text) {
        List<String> lines = text.replace("\r", "").lines().toList();
        for (int line = 1; line <= lines.size(); line++) {
            note(lines.get(line - 1), line);
        }
        this.end = lines.size() + 1;
    }

    private void note(String line, int number) {
        int at = 0;
        while (at < line.length() && line.charAt(at) == ' ') {
            at++;
        }
        if (line.startsWith("-", at)) {
            items.add(number);
            at++;
        }
        if (line.startsWith(" ", at)) {
            at++;
        }
        int colon = line.indexOf(':', at);
        if (colon >= 0) {
            keys.computeIfAbsent(line.substring(at, colon), _ -> new ArrayList<>()).add(number);
        }
    }

    /** Just behind the last line, where nothing more is found. */
    int end() {
        return end;
    }

    /** The first line from one on that begins with a key; {@link #end} when none does. */
    int key(String key, int from) {
        return first(keys.getOrDefault(key, List.of()), from);
    }

    /** The first line from one on that begins with a dash. */
    int item(int from) {
        return first(items, from);
    }

    private int first(List<Integer> lines, int from) {
        int found = Collections.binarySearch(lines, from);
        int at = found < 0 ? -found - 1 : found;
        return at < lines.size() ? lines.get(at) : end;
    }
}
