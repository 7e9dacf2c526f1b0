package flotilla.sim.model;

import flotilla.sim.check.Linearizability;
import flotilla.sim.check.Model;
import flotilla.sim.check.Operation;
import flotilla.sim.check.Verdict;
import flotilla.sim.model.Answer.Decided;
import flotilla.sim.model.Answer.Deleted;
import flotilla.sim.model.Answer.Got;
import flotilla.sim.model.Answer.Item;
import flotilla.sim.model.Answer.Refused;
import flotilla.sim.model.Answer.Written;
import flotilla.sim.model.Request.Compact;
import flotilla.sim.model.Request.Compare;
import flotilla.sim.model.Request.Delete;
import flotilla.sim.model.Request.Get;
import flotilla.sim.model.Request.Grant;
import flotilla.sim.model.Request.Put;
import flotilla.sim.model.Request.Revoke;
import flotilla.sim.model.Request.Target;
import flotilla.sim.model.Request.Txn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A store of one key that doesn't know what revision the whole store has. Linearizability is a
 * property of each key alone (Herlihy and Wing, 1990, theorem 1), and the histories of single keys
 * are short: so one that touches each key alone is best checked key by key.
 */
public final class KeyModel implements Model<Contents, Request, Answer> {
    private static final StoreModel WHOLE = new StoreModel();

    private KeyModel() {}

    /** Whether each of a history's operations touches one key and asks for no revision. */
    public static boolean canSplit(List<Operation<Request, Answer>> history) {
        return history.stream().allMatch(each -> key(each.request()) != null);
    }

    /** Checks a history that {@link #canSplit}, key by key; the first that isn't right counts. */
    public static Verdict check(List<Operation<Request, Answer>> history, long budget) {
        SortedMap<String, List<Operation<Request, Answer>>> keys = new TreeMap<>();
        for (Operation<Request, Answer> each : history) {
            Answer seen = each.answer();
            keys.computeIfAbsent(String.valueOf(key(each.request())), _ -> new ArrayList<>())
                    .add(
                            new Operation<>(
                                    each.request(),
                                    seen == null ? null : blur(seen),
                                    each.called(),
                                    each.returned()));
        }
        Verdict verdict = new Verdict.Linearizable();
        for (Map.Entry<String, List<Operation<Request, Answer>>> key : keys.entrySet()) {
            Verdict next = Linearizability.check(key.getValue(), new KeyModel(), budget);
            if (next instanceof Verdict.Broken) {
                return next;
            }
            verdict = next instanceof Verdict.OutOfBudget ? next : verdict;
        }
        return verdict;
    }

    @Override
    public Contents initial() {
        return Contents.EMPTY;
    }

    @Override
    public Step<Contents, Answer> step(Contents state, Request request) {
        Step<Contents, Answer> step = WHOLE.step(state, request);
        SortedMap<String, Item> items = new TreeMap<>();
        step.state().items.forEach((key, item) -> items.put(key, blur(item)));
        Contents alone = new Contents(1, -1, new Contents.Held(items, new TreeSet<>()), null);
        return new Step<>(alone, blur(step.answer()));
    }

    private static @Nullable String key(Request request) {
        return switch (request) {
            case Put put -> put.lease() == 0 ? put.key() : null;
            case Delete(String from, String to) -> alone(from, to) ? from : null;
            case Get get -> get.revision() == 0 && alone(get.from(), get.to()) ? get.from() : null;
            case Txn txn -> key(txn);
            case Compact _, Grant _, Revoke _ -> null;
        };
    }

    private static @Nullable String key(Txn txn) {
        Set<String> keys = new TreeSet<>();
        for (Compare compare : txn.compares()) {
            if (compare.target() == Target.MODIFIED) {
                return null;
            }
            keys.add(compare.key());
        }
        for (Request each : Stream.concat(txn.then().stream(), txn.orElse().stream()).toList()) {
            String key = key(each);
            if (key == null) {
                return null;
            }
            keys.add(key);
        }
        return keys.size() == 1 ? keys.iterator().next() : null;
    }

    private static boolean alone(String from, String to) {
        return to.equals(from + '\0');
    }

    /** Without revisions. */
    private static Answer blur(Answer answer) {
        return switch (answer) {
            case Written _ -> new Written(0);
            case Deleted deleted -> new Deleted(0, deleted.keys());
            case Got got -> new Got(0, got.items().stream().map(KeyModel::blur).toList());
            case Decided decided ->
                    new Decided(
                            0,
                            decided.succeeded(),
                            decided.answers().stream().map(KeyModel::blur).toList());
            case Refused refused -> refused;
        };
    }

    private static Item blur(Item item) {
        return new Item(item.key(), item.value(), 0, 0, item.version(), item.lease());
    }
}
