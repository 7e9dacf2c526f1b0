package flotilla.discovery;

import flotilla.discovery.token.TokenTree;
import java.util.Optional;
import java.util.regex.Pattern;

/** The size asked of a new token. */
final class TokenSize {
    /** What Go's Atoi takes. */
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]+");

    private TokenSize() {}

    static Optional<Integer> parse(String text) {
        if (!NUMBER.matcher(text).matches()) {
            return Optional.empty(); // Explained by explain.
        }
        try {
            int size = Integer.parseInt(text);
            return size >= 1 && size <= TokenTree.SIZE_MAX ? Optional.of(size) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty(); // Too large for an int, so for a cluster.
        }
    }

    static String explain(String text) {
        if (!NUMBER.matcher(text).matches()) {
            return "strconv.Atoi: parsing \"%s\": invalid syntax\n".formatted(text);
        }
        return "size=%s: a cluster has between 1 and %d members; take 3 or 5\n"
                .formatted(text, TokenTree.SIZE_MAX);
    }
}
