package flotilla.machine.embedded;

import flotilla.machine.UnitState;
import flotilla.platform.Registration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every loaded unit's state as it was said last, for whoever lists them or listens. */
final class StateBoard {
    private static final Logger LOG = LoggerFactory.getLogger(StateBoard.class);

    private final Map<String, UnitState> states = new ConcurrentHashMap<>();
    private final List<Consumer<UnitState>> listeners = new CopyOnWriteArrayList<>();

    /** By name; from any thread. */
    List<UnitState> list() {
        return states.values().stream().sorted(Comparator.comparing(UnitState::name)).toList();
    }

    /** Every change of every unit, in order, on the thread of who says it. */
    Registration listen(Consumer<UnitState> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    void say(UnitState state) {
        UnitState before =
                state.load().equals("not-found") && state.active().equals("inactive")
                        ? states.remove(state.name())
                        : states.put(state.name(), state);
        if (state.equals(before)) {
            return;
        }
        for (Consumer<UnitState> listener : listeners) {
            try {
                listener.accept(state);
            } catch (RuntimeException e) {
                LOG.error("a listener failed on {}", state, e);
            }
        }
    }
}
