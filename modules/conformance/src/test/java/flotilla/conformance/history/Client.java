package flotilla.conformance.history;

import flotilla.sim.model.Answer.Got;
import flotilla.sim.model.Answer.Item;
import flotilla.sim.model.Request;
import flotilla.sim.model.Request.Compare;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Asks for one thing after the other, of any store, and has all of it recorded. Few keys, so that
 * clients meet; every value once, so that it is known by it.
 */
final class Client implements Runnable {
    static final List<String> KEYS = List.of("k0", "k1", "k2", "k3", "k4");

    /** Thinks for as long, at most: a history must not be longer than it can be checked. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** Where there was no answer it thinks so many times longer. */
    private static final int LONGER = 10;

    private final int number;
    private final List<Store> stores;
    private final Recorder recorder;
    private final Random random;
    private final Map<String, Item> seen = new HashMap<>();
    private int made;

    Client(int number, List<Store> stores, Recorder recorder, long seed) {
        this.number = number;
        this.stores = stores;
        this.recorder = recorder;
        this.random = new Random(seed * 31 + number);
    }

    @Override
    public void run() {
        run(() -> false, PAUSE_NANOS);
    }

    /** Asks until the store is no longer of interest. */
    void run(BooleanSupplier enough, long pauseNanos) {
        Store store = any();
        while (!enough.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
            Request request = wish();
            Outcome outcome = recorder.ask(store, request);
            if (outcome instanceof Outcome.Told(Got got)) {
                got.items().forEach(item -> seen.put(item.key(), item));
            }
            boolean answered = outcome instanceof Outcome.Told;
            if (!answered || random.nextInt(8) == 0) {
                store = any();
            }
            if (pauseNanos > 0) {
                LockSupport.parkNanos(random.nextLong(pauseNanos * (answered ? 1 : LONGER)));
            }
        }
    }

    private Store any() {
        return stores.get(random.nextInt(stores.size()));
    }

    private Request wish() {
        String key = KEYS.get(random.nextInt(KEYS.size()));
        int kind = random.nextInt(100);
        if (kind < 35) {
            return Request.put(key, value());
        }
        if (kind < 42) {
            return Request.delete(key);
        }
        if (kind < 60) {
            return change(key);
        }
        return kind < 90 ? Request.get(key) : new Request.Get("k", "l", 0);
    }

    /** Mostly done, if nobody comes between. */
    private Request change(String key) {
        Item item = seen.get(key);
        Compare compare =
                random.nextBoolean()
                        ? Compare.version(key, item == null ? 0 : item.version())
                        : Compare.value(key, item == null ? "nothing" : item.value());
        return new Request.Txn(
                List.of(compare), List.of(Request.put(key, value())), List.of(Request.get(key)));
    }

    private String value() {
        return "c" + number + "-" + made++;
    }
}
