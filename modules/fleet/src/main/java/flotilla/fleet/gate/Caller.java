package flotilla.fleet.gate;

import flotilla.trust.authority.Right;

/**
 * Who asks.
 *
 * @param name of a person, or a machine's id
 * @param kind in words: by what they are known
 */
public record Caller(String name, String kind, Right right) {
    /** For the log. */
    String words() {
        return "%s %s (%s)".formatted(kind, name, right.word());
    }
}
