package flotilla.discovery;

import flotilla.discovery.token.TokenTree;
import java.util.Optional;

/** The size asked of a new token. */
final class TokenSize {
    private TokenSize() {}

    static Optional<Integer> parse(String text) {
        try {
            int size = Integer.parseInt(text);
            return size >= 1 && size <= TokenTree.SIZE_MAX ? Optional.of(size) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty(); // Explained by explain.
        }
    }

    static String explain(String text) {
        if (!text.matches("[+-]?[0-9]{1,18}")) {
            return "strconv.Atoi: parsing \"%s\": invalid syntax\n".formatted(text);
        }
        return "size=%s: a cluster has between 1 and %d members; take 3 or 5\n"
                .formatted(text, TokenTree.SIZE_MAX);
    }
}
