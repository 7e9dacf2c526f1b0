package flotilla.fleet.agent.loop;

import flotilla.fleet.agent.Event;
import flotilla.machine.Init;
import flotilla.platform.Registration;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of which units something changed, asks the init how they are now, and says so; on a thread
 * of its own. Names that come while it asks are asked for together.
 */
final class Lookout implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Lookout.class);

    /** After the init could not be asked. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Init init;
    private final Consumer<Event> events;
    private final Thread thread = Thread.ofVirtual().name("agent's lookout").unstarted(this::run);
    private final Registration subscription;
    private Set<String> changed = new TreeSet<>();

    private Lookout(Init init, Consumer<Event> events) {
        this.init = init;
        this.events = events;
        this.subscription = init.subscribe(this::add);
    }

    static Lookout over(Init init, Consumer<Event> events) {
        Lookout lookout = new Lookout(init, events);
        lookout.thread.start();
        return lookout;
    }

    private synchronized void add(Set<String> names) {
        changed.addAll(names);
        notifyAll();
    }

    private synchronized Set<String> next() throws InterruptedException {
        while (changed.isEmpty()) {
            wait();
        }
        Set<String> names = changed;
        changed = new TreeSet<>();
        return names;
    }

    private void run() {
        try {
            while (true) {
                Set<String> names = next();
                if (!look(names)) {
                    Thread.sleep(PAUSE);
                    add(names);
                }
            }
        } catch (InterruptedException closed) {
            subscription.close();
        }
    }

    private boolean look(Set<String> names) {
        try {
            init.states(names).values().forEach(state -> events.accept(new Event.Changed(state)));
            return true;
        } catch (IOException | RuntimeException e) {
            log.warn(
                    "the init can't be asked for {} units, trying again: {}",
                    names.size(),
                    e.toString());
            return false;
        }
    }

    @Override
    public void close() {
        subscription.close();
        thread.interrupt();
    }
}
