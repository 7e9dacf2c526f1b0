package flotilla.fleet.schedule;

import java.util.List;

/**
 * A list of globs that units name others by: one object for all units that write the same, so that
 * clauses can be counted. Two are the same only if they are one.
 */
final class Clause {
    /** What becomes of units that a clause names. */
    enum Kind {
        CONFLICTS,
        REPLACES,
        AVOIDS
    }

    final Kind kind;
    final List<String> globs;

    /** In the order in which clauses were first written. */
    final int number;

    /** How many units write it. */
    int writers;

    Clause(Kind kind, List<String> globs, int number) {
        this.kind = kind;
        this.globs = List.copyOf(globs);
        this.number = number;
    }
}
