package flotilla.machine.systemd;

import flotilla.platform.Registration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells listeners which units changed, on a thread of its own; what comes together, together. */
final class Teller implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Teller.class);

    private final List<Consumer<Set<String>>> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread = Thread.ofVirtual().name("systemd's teller").unstarted(this::run);
    private Set<String> names = new TreeSet<>();

    void start() {
        thread.start();
    }

    Registration subscribe(Consumer<Set<String>> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    synchronized void tell(Set<String> changed) {
        names.addAll(changed);
        notifyAll();
    }

    private synchronized Set<String> next() throws InterruptedException {
        while (names.isEmpty()) {
            wait();
        }
        Set<String> now = names;
        names = new TreeSet<>();
        return now;
    }

    private void run() {
        try {
            while (true) {
                Set<String> changed = next();
                for (Consumer<Set<String>> listener : listeners) {
                    try {
                        listener.accept(changed);
                    } catch (RuntimeException e) {
                        log.error("a listener failed on {}", changed, e);
                    }
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
