package flotilla.sim.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * The shortest beginning of a history that is already wrong, for people to read. A beginning of a
 * history that is linearizable is so too, hence there is one answer that makes it wrong: the last.
 *
 * @param operations of the beginning, those under way at its end without their answers
 * @param wrong the answer that no order allows beside the others
 */
public record Beginning<I, O>(List<Operation<I, O>> operations, Operation<I, O> wrong) {
    public Beginning {
        operations = List.copyOf(operations);
    }

    /**
     * Looks for it by halving.
     *
     * @param history one that is broken
     * @param check of a beginning
     */
    public static <I, O> Beginning<I, O> of(
            List<Operation<I, O>> history, Function<List<Operation<I, O>>, Verdict> check) {
        long[] ends =
                history.stream()
                        .mapToLong(Operation::returned)
                        .filter(end -> end != Operation.NEVER)
                        .sorted()
                        .distinct()
                        .toArray();
        int right = -1;
        int wrong = ends.length - 1;
        while (wrong - right > 1) {
            int middle = (right + wrong) >>> 1;
            if (check.apply(until(history, ends[middle])) instanceof Verdict.Broken) {
                wrong = middle;
            } else {
                right = middle;
            }
        }
        long end = ends[wrong];
        Operation<I, O> last =
                history.stream().filter(each -> each.returned() == end).findFirst().orElseThrow();
        return new Beginning<>(until(history, end), last);
    }

    /** What is known at a moment: of what returns later, that it was called. */
    private static <I, O> List<Operation<I, O>> until(List<Operation<I, O>> history, long end) {
        List<Operation<I, O>> known = new ArrayList<>();
        for (Operation<I, O> each : history) {
            if (each.called() <= end) {
                boolean later = each.returned() > end && each.returned() != Operation.NEVER;
                known.add(later ? Operation.unknown(each.request(), each.called()) : each);
            }
        }
        return known;
    }

    /** Whether that is the answer. */
    public boolean isWrong(Operation<I, O> operation) {
        return Objects.equals(operation, wrong);
    }
}
