package flotilla.sim.promise;

import flotilla.raft.log.Entry;
import flotilla.sim.check.Model;
import flotilla.sim.model.Answer;
import flotilla.sim.model.Answer.Item;
import flotilla.sim.model.Contents;
import flotilla.sim.model.Request;
import flotilla.sim.model.StoreModel;
import flotilla.sim.world.World;
import flotilla.store.apply.Applied;
import flotilla.store.apply.member.MemberBook;
import flotilla.store.command.Command;
import flotilla.store.command.CommandBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The log as it was applied, by whoever came first, and the model's state after each entry. All
 * others must apply the same, and come to the same (thesis 3.6.3, State Machine Safety). A batch
 * that stands in the log twice counts once (thesis 6.3).
 */
final class Ledger {
    private final World world;
    private final Rot rot;

    /** One entry, applied. */
    private record Page(long term, int data, List<Answer> answers, Contents after) {}

    /** A member applies an entry. */
    record Turn(long member, long index, long term) {}

    private record Name(long origin, long number) {}

    private final StoreModel model = new StoreModel();
    private final Map<Long, Page> pages = new HashMap<>();
    private final Map<Long, Integer> hashes = new HashMap<>();
    private final Set<Name> batches = new HashSet<>();

    /** By index: who takes part. */
    private final Map<Long, List<Object>> books = new HashMap<>();

    /** By index: the cluster's feature level. */
    private final NavigableMap<Long, Integer> levels = new TreeMap<>();

    /** Who ever took part. */
    private final Set<Long> here = new TreeSet<>();

    private final Map<Long, Long> removedAt = new HashMap<>();

    /** By revision: the state, what was asked that made it. */
    private final Map<Long, Contents> revisions = new HashMap<>();

    private final Map<Long, Command> makers = new HashMap<>();
    private final List<Consequence> consequences = new ArrayList<>();
    private long last;

    /** Told of each command, as it is applied for the first time. */
    interface Consequence {
        void applied(Command command, Request request, Answer answer);
    }

    Ledger(World world, Rot rot) {
        this.world = world;
        this.rot = rot;
        revisions.put(1L, model.initial());
    }

    void onFirst(Consequence consequence) {
        consequences.add(consequence);
    }

    /** How often the members changed. */
    long changes() {
        return books.values().stream().distinct().count();
    }

    /** Where an entry stands. */
    interface Place {
        void at(long term, long index);
    }

    /** Tells the last entry of an earlier term that was applied anywhere, if there is one. */
    void before(long term, Place told) {
        for (long index = last; index > 0; index--) {
            Page page = pages.get(index);
            if (page == null) {
                return;
            }
            if (page.term < term) {
                told.at(page.term, index);
                return;
            }
        }
    }

    /** The highest index applied anywhere. */
    long last() {
        return last;
    }

    /** The newest revision there is. */
    Contents newest() {
        Contents newest = revisions.get((long) revisions.size());
        return newest == null ? model.initial() : newest;
    }

    /** Who takes part as of an entry, as a member has it; whoever was removed stays so. */
    void members(long member, long index, MemberBook book) {
        List<Object> seen = List.of(book.conf(), book.members());
        List<Object> other = books.putIfAbsent(index, seen);
        if (other != null && !other.equals(seen)) {
            throw world.broken("equal members", "%d at %d: %s, not %s", member, index, seen, other);
        }
        for (flotilla.protocol.Member each : book.members()) {
            if (index > removedAt.getOrDefault(each.getID(), Long.MAX_VALUE)) {
                throw world.broken(
                        "who was removed never returns", "%d at %d: %s", member, index, each);
            }
            here.add(each.getID());
        }
        for (long id : here) {
            if (book.isRemoved(id)) {
                removedAt.merge(id, index, Math::min);
            }
        }
    }

    /** The feature level as of an entry, as a member has it. */
    void level(long member, long index, int level) {
        Integer other = levels.putIfAbsent(index, level);
        if (other != null && other != level) {
            throw world.broken("equal level", "%d at %d: %d, not %d", member, index, level, other);
        }
        Map.Entry<Long, Integer> before = levels.lowerEntry(index);
        if (before != null && before.getValue() > level) {
            throw world.broken("the level never falls", "%d at %d, after %s", level, index, before);
        }
    }

    /** A member passed over an entry, or changed its members by it. */
    void other(Turn turn, @Nullable Entry entry) {
        int data = entry == null ? 0 : Arrays.hashCode(entry.data());
        note(turn, new Page(turn.term, data, List.of(), after(turn.index - 1)));
    }

    void applied(Turn turn, CommandBatch batch, List<Applied> results) {
        int data = batch.hashCode();
        Page page = pages.get(turn.index);
        if (page == null) {
            boolean again = !batches.add(new Name(batch.getOrigin(), batch.getNumber()));
            Page empty = new Page(turn.term, data, List.of(), after(turn.index - 1));
            page = again ? empty : first(empty, batch);
            note(turn, page);
        } else {
            note(turn, new Page(turn.term, data, page.answers, page.after));
        }
        compare(turn, batch, page.answers, results);
    }

    private void note(Turn turn, Page page) {
        Page other = pages.putIfAbsent(turn.index, page);
        if (other == null) {
            if (last > 0 && turn.index != last + 1) {
                throw world.broken("log order", "%s after %d", turn, last);
            }
            last = turn.index;
        } else if (other.term != page.term || other.data != page.data) {
            throw world.broken("one entry an index", "%s, others one of term %d", turn, other.term);
        }
    }

    private Contents after(long index) {
        Page page = pages.get(index);
        return page == null ? model.initial() : page.after;
    }

    private Page first(Page page, CommandBatch batch) {
        Contents state = page.after;
        List<Answer> answers = new ArrayList<>();
        for (Command command : batch.getCommandsList()) {
            if (command.hasAlarm()) {
                rot.raised(command.getAlarm());
            }
            Request request = Wording.request(command);
            if (request == null || isLate(command, page.term)) {
                answers.add(UNKNOWN);
                continue;
            }
            if (rot.isNamed()) {
                answers.add(new Answer.Refused(Answer.Why.OTHER));
                continue;
            }
            Model.Step<Contents, Answer> step = model.step(state, request);
            Contents after = step.state();
            if (after.revision() != state.revision()) {
                revisions.put(after.revision(), after);
                makers.put(after.revision(), command);
            }
            state = after;
            answers.add(step.answer());
            consequences.forEach(each -> each.applied(command, request, step.answer()));
        }
        return new Page(page.term, page.data, answers, state);
    }

    private static boolean isLate(Command command, long term) {
        return command.getOnlyInTerm() != 0 && command.getOnlyInTerm() != term;
    }

    /** Stands for an answer that the model doesn't give. */
    private static final Answer UNKNOWN = new Answer.Written(-1);

    /** A batch that was applied before may be answered by what was remembered, or not at all. */
    private void compare(
            Turn turn, CommandBatch batch, List<Answer> expected, List<Applied> results) {
        if (rot.isRotten(turn.member)) {
            return;
        }
        for (int i = 0; i < Math.min(expected.size(), results.size()); i++) {
            Command command = batch.getCommands(i);
            Answer right = expected.get(i);
            Applied result = results.get(i);
            if (right.equals(UNKNOWN)) {
                if (result instanceof Applied.Done && isLate(command, turn.term)) {
                    throw world.broken("void in another term", "%s: %s", turn, command);
                }
            } else if (!right.equals(Wording.answer(result))) {
                throw world.broken(
                        "equal answers",
                        "%s: %s came to %s, not %s",
                        turn,
                        command,
                        Wording.answer(result),
                        right);
            }
        }
    }

    /** A member's whole state, as of an index. */
    void holds(long member, long index, long revision, List<Item> items) {
        Contents right = after(index);
        List<Item> expected = right.all();
        if (revision != right.revision() || !items.equals(expected)) {
            throw world.broken(
                    "equal state",
                    "%d holds at %d revision %d, %s; not %d, %s",
                    member,
                    index,
                    revision,
                    items,
                    right.revision(),
                    expected);
        }
    }

    /** A member's hash of everything, as of an index. */
    void hashes(long member, long index, int hash) {
        Integer other = hashes.putIfAbsent(index, hash);
        if (other != null && other != hash) {
            throw world.broken("equal hash", "%d at %d: %x, not %x", member, index, hash, other);
        }
    }

    /** What was read must be what was there at that revision. */
    void read(String whose, Request.Get get, Answer.Got got) {
        Contents then = revisions.get(got.revision());
        long at = get.revision() == 0 ? got.revision() : get.revision();
        if (then == null || !got.items().equals(then.items(get.from(), get.to(), at))) {
            throw world.broken(
                    "what is read was written",
                    "%s: %s got %s; there was %s",
                    whose,
                    get,
                    got,
                    then == null ? "no such revision" : then.items(get.from(), get.to(), at));
        }
    }

    /** Whether it was this command that made the revision. */
    boolean made(long revision, Command command) {
        return command.equals(makers.get(revision));
    }

    /** The state that a revision made; null if there is none yet. */
    @Nullable Contents at(long revision) {
        return revisions.get(revision);
    }
}
