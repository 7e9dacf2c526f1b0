package flotilla.cli.table;

import java.util.List;

/**
 * Lays rows out as Go's text/tabwriter does for fleetctl (minwidth 0, tabwidth 8, padding 1, padded
 * with tabs): each column as wide as its widest cell and one more, rounded up to a tab stop, and
 * padded with tabs. So the columns line up on a terminal and {@code cut -f} still parts them.
 */
final class Columns {
    private static final int TAB_WIDTH = 8;
    private static final int PADDING = 1;

    private Columns() {}

    /** One line per row, each ended by a newline; the last cell of a row is not padded. */
    static String layOut(List<List<String>> rows) {
        int count = rows.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = new int[count];
        for (List<String> row : rows) {
            for (int column = 0; column < row.size() - 1; column++) {
                widths[column] =
                        Math.max(widths[column], toTabStop(width(row.get(column)) + PADDING));
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            for (int column = 0; column < row.size(); column++) {
                text.append(row.get(column));
                if (column < row.size() - 1) {
                    int missing = widths[column] - width(row.get(column));
                    text.repeat('\t', (missing + TAB_WIDTH - 1) / TAB_WIDTH);
                }
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }

    private static int toTabStop(int width) {
        return (width + TAB_WIDTH - 1) / TAB_WIDTH * TAB_WIDTH;
    }
}
