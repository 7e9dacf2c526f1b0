package flotilla.units;

/**
 * The patterns of Go's path.Match, which fleet's Conflicts= and Replaces= use: {@code *} and {@code
 * ?} match anything but {@code /}; {@code [a-z]}, {@code [^a-z]}; {@code \} quotes. A malformed
 * pattern matches nothing.
 */
public final class Glob {
    private final String pattern;
    private final String text;

    private Glob(String pattern, String text) {
        this.pattern = pattern;
        this.text = text;
    }

    public static boolean matches(String pattern, String text) {
        return new Glob(pattern, text).run();
    }

    /**
     * What every text that the pattern matches begins with; all of the pattern when it has nothing
     * but itself to match.
     */
    public static String literalPrefix(String pattern) {
        int end = 0;
        while (end < pattern.length() && "*?[\\".indexOf(pattern.charAt(end)) < 0) {
            end++;
        }
        return pattern.substring(0, end);
    }

    /**
     * A text that is part of every text that the pattern matches: the longest run of plain
     * characters before the first bracket or backslash. Rules most texts out at little cost.
     */
    public static String literalPart(String pattern) {
        String longest = "";
        for (String run : pattern.split("[\\[\\\\]", 2)[0].split("[*?]")) {
            longest = run.length() > longest.length() ? run : longest;
        }
        return longest;
    }

    /**
     * Greedy, with one point to go back to, the last star: whatever an earlier star could take
     * instead, the last one can. So many stars cost no more than one; the worst is the length of
     * the text squared, and names have at most 256 characters.
     */
    private boolean run() {
        int p = 0;
        int t = 0;
        int starAt = -1;
        int starText = 0;
        while (t < text.length() || p < pattern.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                starAt = p++;
                starText = t;
                continue;
            }
            int next = t < text.length() ? one(p, text.charAt(t)) : -1;
            if (next >= 0) {
                p = next;
                t++;
            } else if (starAt >= 0 && starText < text.length() && text.charAt(starText) != '/') {
                p = starAt + 1;
                t = ++starText;
            } else {
                return false;
            }
        }
        return true;
    }

    /** Matches one character by the element at p; the place after the element, or -1. */
    private int one(int p, char c) {
        if (p >= pattern.length()) {
            return -1;
        }
        return switch (pattern.charAt(p)) {
            case '?' -> c == '/' ? -1 : p + 1;
            case '[' -> range(p + 1, c);
            case '\\' -> p + 1 < pattern.length() && pattern.charAt(p + 1) == c ? p + 2 : -1;
            default -> pattern.charAt(p) == c ? p + 1 : -1;
        };
    }

    private int range(int from, char c) {
        int p = from;
        boolean negated = p < pattern.length() && pattern.charAt(p) == '^';
        p += negated ? 1 : 0;
        boolean found = false;
        int first = p;
        while (p < pattern.length() && (pattern.charAt(p) != ']' || p == first)) {
            if (pattern.charAt(p) == '\\' && ++p >= pattern.length()) {
                return -1;
            }
            char low = pattern.charAt(p++);
            char high = low;
            if (p + 1 < pattern.length()
                    && pattern.charAt(p) == '-'
                    && pattern.charAt(p + 1) != ']') {
                high = pattern.charAt(p + 1);
                p += 2;
            }
            found |= low <= c && c <= high;
        }
        return p < pattern.length() && found != negated ? p + 1 : -1;
    }
}
