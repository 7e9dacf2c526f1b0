package flotilla.sim.model;

import flotilla.sim.check.Model;
import flotilla.sim.model.Answer.Decided;
import flotilla.sim.model.Answer.Deleted;
import flotilla.sim.model.Answer.Got;
import flotilla.sim.model.Answer.Item;
import flotilla.sim.model.Answer.Refused;
import flotilla.sim.model.Answer.Why;
import flotilla.sim.model.Answer.Written;
import flotilla.sim.model.Request.Compare;
import flotilla.sim.model.Request.Delete;
import flotilla.sim.model.Request.Get;
import flotilla.sim.model.Request.Put;
import flotilla.sim.model.Request.Txn;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * etcd's store as one sorted map per revision. Each write makes one revision, a transaction one for
 * all it writes, and what changes nothing none.
 */
public final class StoreModel implements Model<Contents, Request, Answer> {
    @Override
    public Contents initial() {
        return Contents.EMPTY;
    }

    @Override
    public Step<Contents, Answer> step(Contents state, Request request) {
        return switch (request) {
            case Txn txn when lacksLease(state, branch(state, txn)) ->
                    new Step<>(state, new Refused(Why.LEASE_NOT_FOUND));
            case Txn txn -> {
                Draft draft = new Draft(state);
                List<Answer> answers = new ArrayList<>();
                branch(state, txn).forEach(each -> answers.add(draft.answer(each)));
                yield new Step<>(
                        draft.finish(), new Decided(draft.revision(), holds(state, txn), answers));
            }
            case Put put when lacksLease(state, List.of(put)) ->
                    new Step<>(state, new Refused(Why.LEASE_NOT_FOUND));
            case Put _, Delete _ -> {
                Draft draft = new Draft(state);
                Answer answer = draft.answer(request);
                yield new Step<>(draft.finish(), answer);
            }
            case Get get -> new Step<>(state, get(state, get));
            case Request.Compact(long revision) -> compact(state, revision);
            case Request.Grant(long lease) ->
                    state.leases.contains(lease)
                            ? new Step<>(state, new Refused(Why.LEASE_EXISTS))
                            : new Step<>(state.withLease(lease), new Written(state.revision));
            case Request.Revoke(long lease) -> revoke(state, lease);
        };
    }

    private static Answer get(Contents state, Get get) {
        if (get.revision() > state.revision) {
            return new Refused(Why.FUTURE_REVISION);
        }
        if (get.revision() > 0 && get.revision() < state.compacted) {
            return new Refused(Why.COMPACTED);
        }
        long at = get.revision() == 0 ? state.revision : get.revision();
        return new Got(state.revision, state.items(get.from(), get.to(), at));
    }

    private static Step<Contents, Answer> compact(Contents state, long revision) {
        if (revision <= state.compacted) {
            return new Step<>(state, new Refused(Why.COMPACTED));
        }
        if (revision > state.revision) {
            return new Step<>(state, new Refused(Why.FUTURE_REVISION));
        }
        return new Step<>(state.withCompacted(revision), new Written(state.revision));
    }

    private static Step<Contents, Answer> revoke(Contents state, long lease) {
        if (!state.leases.contains(lease)) {
            return new Step<>(state, new Refused(Why.LEASE_NOT_FOUND));
        }
        Draft draft = new Draft(state);
        draft.items.values().removeIf(item -> item.lease() == lease);
        draft.changed = draft.items.size() < state.items.size();
        return new Step<>(draft.finish().withoutLease(lease), new Written(draft.revision()));
    }

    private static List<Request> branch(Contents state, Txn txn) {
        return holds(state, txn) ? txn.then() : txn.orElse();
    }

    private static boolean holds(Contents state, Txn txn) {
        return txn.compares().stream().allMatch(compare -> holds(state, compare));
    }

    private static boolean holds(Contents state, Compare compare) {
        Item item = state.items.get(compare.key());
        return switch (compare.target()) {
            case VERSION -> compare.number() == (item == null ? 0 : item.version());
            case MODIFIED -> compare.number() == (item == null ? 0 : item.modified());
            case VALUE -> item != null && item.value().equals(compare.value());
        };
    }

    private static boolean lacksLease(Contents state, List<Request> requests) {
        return requests.stream()
                .anyMatch(request ->
                        request instanceof Put put
                                && put.lease() != 0
                                && !state.leases.contains(put.lease()));
    }

    /** The next revision, as it is made. */
    private static final class Draft {
        private final Contents before;
        private final SortedMap<String, Item> items;
        private boolean changed;

        Draft(Contents before) {
            this.before = before;
            this.items = new TreeMap<>(before.items);
        }

        long revision() {
            return before.revision + (changed ? 1 : 0);
        }

        Answer answer(Request request) {
            return switch (request) {
                case Put put -> put(put);
                case Delete(String from, String to) -> {
                    SortedMap<String, Item> doomed = items.subMap(from, to);
                    int keys = doomed.size();
                    doomed.clear();
                    changed |= keys > 0;
                    yield new Deleted(revision(), keys);
                }
                case Get get ->
                        new Got(
                                revision(),
                                List.copyOf(items.subMap(get.from(), get.to()).values()));
                default -> throw new IllegalArgumentException(request + " in a transaction");
            };
        }

        private Answer put(Put put) {
            changed = true;
            Item old = items.get(put.key());
            items.put(
                    put.key(),
                    new Item(
                            put.key(),
                            put.value(),
                            old == null ? revision() : old.created(),
                            revision(),
                            old == null ? 1 : old.version() + 1,
                            put.lease()));
            return new Written(revision());
        }

        Contents finish() {
            return changed ? before.withItems(revision(), items) : before;
        }
    }
}
