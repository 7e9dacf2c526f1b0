package flotilla.sim.fleet.keeper;

import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Stored;
import flotilla.sim.fleet.keeper.Changes.Happened;
import flotilla.sim.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Somebody who follows a part of the store, as {@code fleet.registry.Following} does: a listing,
 * then the changes in their order, later and some together. One that breaks goes on where it was;
 * where the store has forgotten what came next, it lists again.
 */
public final class Tail {
    /** Until the store is asked again that did not answer. */
    private static final long RETRY_NANOS = 250_000_000;

    /** How long an answer is waited for. */
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    private final World world;
    private final Way way;
    private final Scope scope;
    private final Listener listener;
    private final List<Happened> pending = new ArrayList<>();
    private long next;
    private long connection;
    private boolean delivering;
    private boolean closed;

    /** Who is told. */
    public interface Listener {
        void reset(List<Stored> all, long revision);

        void changed(List<Change> changes, long revision);
    }

    private record Listing(List<Stored> all, long revision) {}

    private Tail(Way way, Scope scope, Listener listener) {
        this.world = way.world();
        this.way = way;
        this.scope = scope;
        this.listener = listener;
    }

    public static Tail follow(Way way, Scope scope, Listener listener) {
        Tail tail = new Tail(way, scope, listener);
        tail.list();
        return tail;
    }

    Scope scope() {
        return scope;
    }

    private Keeper keeper() {
        return way.keeper();
    }

    private void list() {
        way.ask(
                () -> {
                    Listing listing = new Listing(keeper().list(scope), keeper().revision());
                    return listing;
                },
                PATIENCE_NANOS,
                this::listed);
    }

    private void listed(Optional<Listing> answer) {
        if (closed) {
            return;
        }
        if (answer.isEmpty()) {
            world.after(RETRY_NANOS, "list again", this::list);
            return;
        }
        Listing listing = answer.get();
        next = listing.revision + 1;
        listener.reset(listing.all, listing.revision);
        connect();
    }

    /** Goes on with what comes next. */
    private void connect() {
        if (closed) {
            return;
        }
        long mine = ++connection;
        way.ask(
                () -> {
                    boolean there = !keeper().changes().isCompacted(next);
                    if (there && mine == connection && !closed) {
                        pending.clear(); // An earlier connection may be there still.
                        pending.addAll(keeper().changes().since(next, scope));
                        keeper().changes().follow(this);
                        deliverLater();
                    }
                    return there;
                },
                PATIENCE_NANOS,
                there -> {
                    if (closed || mine != connection) {
                        return;
                    }
                    if (there.isEmpty()) {
                        breakOff();
                    } else if (!there.get()) {
                        list();
                    }
                });
    }

    /** The connection ends, and with it what was on its way; another one is made. */
    public void breakOff() {
        keeper().changes().unfollow(this);
        pending.clear();
        connection++;
        if (!closed) {
            world.after(world.about(RETRY_NANOS), "follow again", this::connect);
        }
    }

    public void close() {
        closed = true;
        keeper().changes().unfollow(this);
        pending.clear();
    }

    void hear(Happened happened) {
        pending.add(happened);
        deliverLater();
    }

    private void deliverLater() {
        if (!delivering && !pending.isEmpty()) {
            delivering = true;
            world.after(way.lag(), "watch", this::deliver);
        }
    }

    /** Whole revisions, as many as the store puts together. */
    private void deliver() {
        delivering = false;
        if (closed || pending.isEmpty()) {
            return;
        }
        if (way.isInCut()) {
            delivering = true;
            world.after(RETRY_NANOS, "watch", this::deliver);
            return;
        }
        int count = 1 + world.random().nextInt(pending.size());
        while (count < pending.size()
                && pending.get(count).revision() == pending.get(count - 1).revision()) {
            count++;
        }
        List<Happened> batch = pending.subList(0, count);
        long revision = batch.getLast().revision();
        List<Change> changes = batch.stream().map(Happened::change).toList();
        batch.clear();
        next = revision + 1;
        listener.changed(changes, revision);
        deliverLater();
    }
}
