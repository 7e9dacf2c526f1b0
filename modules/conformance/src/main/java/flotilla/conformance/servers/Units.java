package flotilla.conformance.servers;

import java.util.Map;
import java.util.TreeMap;

/** What {@code list-units} shows, as data. */
public final class Units {
    private Units() {}

    /**
     * Where each active unit runs: unit to address; one that runs nowhere is missing.
     *
     * @throws IllegalStateException if a unit is active twice
     */
    public static Map<String, String> active(Launcher flotilla) {
        Map<String, String> places = new TreeMap<>();
        flotilla.run("list-units", "--no-legend", "--full", "--fields=unit,machine,active")
                .text()
                .lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(columns -> columns.length == 3 && columns[2].equals("active"))
                .forEach(columns ->
                        places.merge(
                                columns[0],
                                columns[1].substring(columns[1].indexOf('/') + 1),
                                (one, other) -> {
                                    throw new IllegalStateException(
                                            "%s is active on %s and on %s"
                                                    .formatted(columns[0], one, other));
                                }));
        return places;
    }
}
