package flotilla.fleet.gate;

import flotilla.trust.authority.Right;

/**
 * Who asks.
 *
 * @param name of a person, or a machine's id
 * @param kind in words: by what they are known
 */
public record Caller(String name, String kind, Right right) {
    /** The same, as one that asks what somebody else has asked it. */
    Caller asked(String by) {
        return new Caller(name + " asked by " + by, kind, right);
    }

    /** For the log. */
    String words() {
        return "%s %s (%s)".formatted(kind, name, right.word());
    }
}
