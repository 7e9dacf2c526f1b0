package flotilla.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What was measured, by workload and server, as a table in Markdown. */
final class Table {
    private record Cell(int side, Workload workload, Measured measured) {}

    private final Options options;
    private final List<Cell> cells = new ArrayList<>();

    Table(Options options) {
        this.options = options;
    }

    void add(int side, Workload workload, Measured measured) {
        cells.add(new Cell(side, workload, measured));
    }

    /**
     * Medians; the ratio is the median of the last server's rate to the best of the others' in the
     * same round.
     */
    void print(PrintStream out) {
        StringBuilder head = new StringBuilder("| |");
        List.of("", " p99", " switches")
                .forEach(what ->
                        options.sides()
                                .forEach(side ->
                                        head.append(' ')
                                                .append(Side.name(side))
                                                .append(what)
                                                .append(" |")));
        out.println(head.append(" ratio |"));
        out.println("|---|" + "---|".repeat(3 * options.sides().size() + 1));
        for (Workload workload : options.workloads()) {
            StringBuilder row = new StringBuilder("| " + workload.title() + " |");
            columns(row, workload, " %,.0f/s |", one -> one.result().perSecond());
            columns(row, workload, " %,.1f ms |", one -> one.result().p99Micros() / 1e3);
            columns(row, workload, " %,.1f |", Measured::switches);
            out.println(row.append(String.format(Locale.ROOT, " **%.2f** |", ratio(workload))));
        }
    }

    private void columns(
            StringBuilder row, Workload workload, String form, ToDoubleFunction<Measured> figure) {
        for (int side = 0; side < options.sides().size(); side++) {
            row.append(
                    String.format(Locale.ROOT, form, Median.of(figures(side, workload, figure))));
        }
    }

    private double ratio(Workload workload) {
        int last = options.sides().size() - 1;
        List<Double> ours = figures(last, workload, one -> one.result().perSecond());
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < ours.size(); round++) {
            double best = 0;
            for (int side = 0; side < last; side++) {
                best =
                        Math.max(
                                best,
                                figures(side, workload, one -> one.result().perSecond())
                                        .get(round));
            }
            ratios.add(ours.get(round) / best);
        }
        return Median.of(ratios);
    }

    private List<Double> figures(int side, Workload workload, ToDoubleFunction<Measured> figure) {
        return cells.stream()
                .filter(cell -> cell.side() == side && cell.workload() == workload)
                .map(cell -> figure.applyAsDouble(cell.measured()))
                .toList();
    }
}
