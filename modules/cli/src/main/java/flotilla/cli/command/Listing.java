package flotilla.cli.command;

import flotilla.cli.table.Table;
import flotilla.platform.json.Json;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that all lists share. */
public final class Listing {
    @Option(
            names = {"-l", "--full"},
            description = "Do not shorten ids and hashes")
    private boolean full;

    @Option(names = "--no-legend", description = "Print no line with the columns' names")
    private boolean noLegend;

    @Option(names = "--fields", paramLabel = "NAMES", description = "Columns, comma-separated")
    private @Nullable String fields;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "table or json (all there is, as the API tells it)",
            defaultValue = "table")
    private Format format = Format.TABLE;

    enum Format {
        TABLE,
        JSON
    }

    public boolean isJson() {
        return format == Format.JSON;
    }

    public boolean full() {
        return full;
    }

    /**
     * @param columns when no others are asked for
     * @param bodies what json prints
     */
    public <R> int print(Table<R> table, List<String> columns, List<R> rows, List<?> bodies) {
        if (format == Format.JSON) {
            System.out.println(Json.write(bodies));
            return 0;
        }
        List<String> chosen = fields == null ? columns : Arrays.stream(fields.split(",")).toList();
        try {
            System.out.print(table.text(chosen, !noLegend, rows));
        } catch (IllegalArgumentException e) {
            throw new UsageFailure(String.valueOf(e.getMessage()));
        }
        return 0;
    }
}
