package flotilla.fleet.api;

import java.util.Optional;

/**
 * Which lines of a unit's log are asked for.
 *
 * @param machine whose; empty: of the one that is asked
 * @param lines the last ones
 * @param follow whether those that come are meant too
 */
public record JournalLines(Optional<String> machine, int lines, boolean follow) {
    String query() {
        return "?lines="
                + lines
                + (follow ? "&follow=1" : "")
                + machine.map(id -> "&machine=" + FleetClient.quoted(id)).orElse("");
    }
}
