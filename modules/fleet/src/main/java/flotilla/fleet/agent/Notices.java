package flotilla.fleet.agent;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What is to be said to the cluster under this machine's lease. Changes that come while a write is
 * under way go out together with the next one; of several changes of a key only the last is
 * written. While there is no lease nothing is said, and under a new one everything is.
 */
final class Notices {
    /** Of keys in one write; etcd takes 128 operations unless told otherwise. */
    static final int KEYS_MAX = 120;

    /** Until an answer that has not come is given up, in milliseconds; the client's own is less. */
    private static final long PATIENCE_MILLIS = 60_000;

    /**
     * After how long everything is said again when nobody knows what became of something, in
     * milliseconds: what was asked for may still happen when something later has been said. Under a
     * new lease that holds of all that an earlier run asked for before it ended, under its own.
     */
    private static final long AGAIN_MILLIS = 30_000;

    private final Map<Key, Entry> current = new HashMap<>();
    private final Set<Key> unsaid = new LinkedHashSet<>();
    private final BackOff backOff = new BackOff();
    private Set<Key> underWay = Set.of();
    private boolean swept;
    private long order;
    private long askedMillis;
    private long againMillis = Long.MAX_VALUE;

    /** This is how it is now. */
    void say(Entry entry) {
        if (!entry.equals(current.put(entry.key(), entry))) {
            unsaid.add(entry.key());
        }
    }

    /** Of this there is nothing to be said any more. */
    void unsay(Key key) {
        if (current.remove(key) != null) {
            unsaid.add(key);
        }
    }

    /** Under a new lease everything is to be said, and what others left there to be removed. */
    void anew(long now) {
        all();
        againMillis = now + AGAIN_MILLIS;
    }

    private void all() {
        unsaid.addAll(current.keySet());
        swept = false;
    }

    void said(Event.Said outcome, long now) {
        if (outcome.order() == order) {
            if (!outcome.surely()) {
                unsure(now);
            }
            over(outcome.surely(), now);
        }
    }

    void before(Event.SaidBefore outcome, long now) {
        if (outcome.order() == order) {
            outcome.keys()
                    .ifPresent(keys -> {
                        swept = true;
                        keys.stream().filter(key -> !current.containsKey(key)).forEach(unsaid::add);
                    });
            over(outcome.keys().isPresent(), now);
        }
    }

    private void unsure(long now) {
        unsaid.addAll(underWay);
        againMillis = now + AGAIN_MILLIS;
    }

    private void over(boolean well, long now) {
        order = 0;
        underWay = Set.of();
        if (well) {
            backOff.succeeded();
        } else {
            backOff.failed(now);
        }
    }

    void send(OptionalLong lease, Pass pass) {
        if (order != 0) {
            long late = askedMillis + PATIENCE_MILLIS;
            if (pass.now() < late) {
                pass.wakeAt(late);
                return;
            }
            unsure(pass.now());
            over(false, pass.now());
        }
        if (pass.now() >= againMillis) {
            againMillis = Long.MAX_VALUE;
            all();
        } else {
            pass.wakeAt(againMillis);
        }
        if (lease.isEmpty() || (unsaid.isEmpty() && swept) || backOff.holds(pass)) {
            return;
        }
        order = pass.number();
        askedMillis = pass.now();
        pass.add(
                unsaid.isEmpty()
                        ? new Action.AskSaid(order)
                        : new Action.Say(order, lease.getAsLong(), take()));
    }

    private Map<Key, Optional<Entry>> take() {
        Map<Key, Optional<Entry>> batch = new LinkedHashMap<>();
        Iterator<Key> waiting = unsaid.iterator();
        while (waiting.hasNext() && batch.size() < KEYS_MAX) {
            Key key = waiting.next();
            waiting.remove();
            batch.put(key, Optional.ofNullable(current.get(key)));
        }
        underWay = batch.keySet();
        return batch;
    }
}
