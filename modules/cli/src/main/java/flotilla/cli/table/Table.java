package flotilla.cli.table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * A table whose columns are chosen by name, as with fleetctl's {@code --fields}.
 *
 * @param <R> what a row shows
 */
public final class Table<R> {
    private final Map<String, Function<R, String>> fields = new LinkedHashMap<>();

    /** Adds a column; its header is its name in upper case. An empty cell is shown as a dash. */
    public Table<R> field(String name, Function<R, String> cell) {
        fields.put(name, cell);
        return this;
    }

    /**
     * The rows as text, with tabs between the columns.
     *
     * @param chosen names of the columns to show, in order
     * @param legend whether a line with the headers comes first
     * @throws IllegalArgumentException with fleetctl's words when there is no such column
     */
    public String text(List<String> chosen, boolean legend, List<R> rows) {
        List<Function<R, String>> cells = chosen.stream().map(this::cell).toList();
        List<List<String>> lines = new ArrayList<>();
        if (legend) {
            lines.add(chosen.stream().map(name -> name.toUpperCase(Locale.ROOT)).toList());
        }
        for (R row : rows) {
            lines.add(cells.stream().map(cell -> dashIfEmpty(cell.apply(row))).toList());
        }
        return Columns.layOut(lines);
    }

    private Function<R, String> cell(String name) {
        Function<R, String> cell = fields.get(name);
        if (cell == null) {
            throw new IllegalArgumentException(
                    "Invalid key in output format: \"%s\" (known: %s)"
                            .formatted(name, String.join(", ", fields.keySet())));
        }
        return cell;
    }

    private static String dashIfEmpty(String cell) {
        return cell.isEmpty() ? "-" : cell;
    }
}
