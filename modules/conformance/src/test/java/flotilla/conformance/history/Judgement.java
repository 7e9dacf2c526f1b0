package flotilla.conformance.history;

import flotilla.sim.check.Beginning;
import flotilla.sim.check.Linearizability;
import flotilla.sim.check.Operation;
import flotilla.sim.check.Verdict;
import flotilla.sim.model.Answer;
import flotilla.sim.model.KeyModel;
import flotilla.sim.model.Request;
import flotilla.sim.model.StoreModel;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What is wrong with a history, in words; nothing if nothing is. All of it is checked at once, with
 * revisions, which also say what is later across keys; what is shown is one key's part if that is
 * wrong alone.
 */
final class Judgement {
    /** Questions to the model. */
    private static final long STEPS_MAX = 5_000_000;

    /** Operations shown: the end of what is wrong. */
    private static final int SHOWN = 40;

    private Judgement() {}

    static String of(Recorder recorder, Past past) {
        Request refused = recorder.refusedAndDone(past);
        if (refused != null) {
            return "what was refused is done: " + words(refused);
        }
        List<Operation<Request, Answer>> history = recorder.operations(past);
        return switch (check(history)) {
            case Verdict.Linearizable() -> "";
            case Verdict.OutOfBudget(long steps) ->
                    "nobody knows: given up after %,d steps of %,d operations"
                            .formatted(steps, history.size());
            case Verdict.Broken _ -> smallest(history);
        };
    }

    private static Verdict check(List<Operation<Request, Answer>> history) {
        return Linearizability.check(history, new StoreModel(), STEPS_MAX);
    }

    private static String smallest(List<Operation<Request, Answer>> history) {
        for (String key : Client.KEYS) {
            List<Operation<Request, Answer>> alone =
                    history.stream().filter(each -> key.equals(key(each.request()))).toList();
            if (KeyModel.check(alone, STEPS_MAX) instanceof Verdict.Broken) {
                return "key "
                        + key
                        + " alone is wrong:\n"
                        + story(Beginning.of(alone, some -> KeyModel.check(some, STEPS_MAX)));
            }
        }
        return "each key alone is right, but not in the order of their revisions:\n"
                + story(Beginning.of(history, Judgement::check));
    }

    /** The one key that an operation touches; empty for all. */
    private static String key(Request request) {
        return switch (request) {
            case Request.Put put -> put.key();
            case Request.Delete delete -> delete.from();
            case Request.Txn txn -> txn.compares().getFirst().key();
            case Request.Get get -> get.to().equals(get.from() + '\0') ? get.from() : "";
            default -> throw new IllegalArgumentException("nobody asks for " + request);
        };
    }

    private static String story(Beginning<Request, Answer> beginning) {
        List<Operation<Request, Answer>> all =
                beginning.operations().stream()
                        .sorted(Comparator.comparingLong(Operation::called))
                        .toList();
        int left = Math.max(0, all.size() - SHOWN);
        return "(%d before are left out; times in ms)\n".formatted(left)
                + all.stream()
                        .skip(left)
                        .map(each -> line(each) + (beginning.isWrong(each) ? "   <-- wrong" : ""))
                        .collect(Collectors.joining("\n"));
    }

    private static String line(Operation<Request, Answer> each) {
        Answer answer = each.answer();
        return "%10.2f .. %10s  %s -> %s"
                .formatted(
                        each.called() / 1e6,
                        each.returned() == Operation.NEVER
                                ? "?"
                                : String.format(Locale.ROOT, "%.2f", each.returned() / 1e6),
                        words(each.request()),
                        answer == null ? "unknown" : words(answer));
    }

    private static String words(Request request) {
        return switch (request) {
            case Request.Put put -> "put " + put.key() + " " + put.value();
            case Request.Delete delete -> "delete " + delete.from();
            case Request.Get get -> "get " + (key(get).isEmpty() ? "all" : get.from());
            case Request.Txn txn -> {
                Request.Compare compare = txn.compares().getFirst();
                yield "if %s of %s is %s, %s"
                        .formatted(
                                compare.target().name().toLowerCase(Locale.ROOT),
                                compare.key(),
                                compare.target() == Request.Target.VALUE
                                        ? compare.value()
                                        : compare.number(),
                                words(txn.then().getFirst()));
            }
            default -> request.toString();
        };
    }

    private static String words(Answer answer) {
        return switch (answer) {
            case Answer.Written written -> "written, revision " + written.revision();
            case Answer.Deleted deleted ->
                    "%d deleted, revision %d".formatted(deleted.keys(), deleted.revision());
            case Answer.Got got ->
                    "%s, revision %d"
                            .formatted(
                                    got.items().stream()
                                            .map(item ->
                                                    "%s %s (version %d)"
                                                            .formatted(
                                                                    item.key(),
                                                                    item.value(),
                                                                    item.version()))
                                            .collect(Collectors.joining(", ", "[", "]")),
                                    got.revision());
            case Answer.Decided decided ->
                    (decided.succeeded() ? "done: " : "not so: ")
                            + words(decided.answers().getFirst());
            case Answer.Refused refused -> "refused: " + refused.why();
        };
    }
}
