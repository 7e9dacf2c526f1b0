package flotilla.cloudconfig.document;

import java.util.ArrayDeque;
import java.util.Deque;

/** Paths of a machine, as texts. */
final class UnixPath {
    private UnixPath() {}

    /** The same path without empty parts, dots, and parts that a .. takes back. */
    static String clean(String path) {
        boolean rooted = path.startsWith("/");
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/", -1)) {
            boolean up = part.equals("..");
            if (up && !parts.isEmpty() && !parts.getLast().equals("..")) {
                parts.removeLast();
            } else if (!part.isEmpty() && !part.equals(".") && !(up && rooted)) {
                parts.addLast(part);
            }
        }
        String clean = String.join("/", parts);
        return rooted ? "/" + clean : clean.isEmpty() ? "." : clean;
    }

    /** Of a path, cleaned: /a for /a/b, / for /a. */
    static String directory(String path) {
        return clean(path.substring(0, path.lastIndexOf('/') + 1));
    }
}
