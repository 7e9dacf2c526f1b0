package flotilla.fleet.agent.loop;

import flotilla.client.Txn;
import flotilla.fleet.agent.Action;
import flotilla.fleet.agent.Event;
import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.registry.ChangeListener;
import flotilla.fleet.registry.Registry;
import flotilla.platform.Registration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Asks the store what the agent wants to know, and says what it wants said; the answer comes as an
 * event.
 */
final class StoreDesk implements AutoCloseable {
    private final Registry registry;
    private final String machineId;
    private final Consumer<Event> events;
    private final Questions<Event> questions;
    private @Nullable Registration following;

    StoreDesk(Registry registry, String machineId, Consumer<Event> events) {
        this.registry = registry;
        this.machineId = machineId;
        this.events = events;
        this.questions = new Questions<>("agent", events);
    }

    void list(Action.ListPlacements list) {
        close();
        following =
                registry.follow(
                        registry.layout().placements(machineId), new Placements(list.order()));
    }

    private final class Placements implements ChangeListener {
        private final long order;

        Placements(long order) {
            this.order = order;
        }

        @Override
        public void reset(List<Stored> all, long revision) {
            events.accept(Event.Listed.of(order, all, revision));
        }

        @Override
        public void changed(List<Change> changes, long revision) {
            events.accept(new Event.Heard(order, changes));
        }
    }

    void read(Action.ReadTexts read) {
        questions.ask(
                () -> {
                    List<Key.OfText> keys = read.hashes().stream().map(Key.OfText::new).toList();
                    Map<String, String> texts = new HashMap<>();
                    registry.getAll(keys).values().stream()
                            .filter(Entry.OfText.class::isInstance)
                            .map(Entry.OfText.class::cast)
                            .forEach(text -> texts.put(text.hash(), text.text()));
                    return new Event.TextsRead(read.order(), texts, "");
                },
                problem -> new Event.TextsRead(read.order(), Map.of(), problem));
    }

    void say(Action.Say say) {
        questions.ask(
                () -> {
                    Txn txn = registry.txn();
                    say.entries()
                            .forEach((key, entry) ->
                                    txn.then(
                                            entry.map(its -> registry.put(its, say.lease()))
                                                    .orElseGet(() -> registry.delete(key))));
                    txn.commit();
                    return new Event.Said(say.order(), true);
                },
                _ -> new Event.Said(say.order(), false));
    }

    void askSaid(Action.AskSaid ask) {
        questions.ask(
                () -> {
                    Set<Key> keys =
                            Stream.of(
                                            registry.layout().states(machineId),
                                            registry.layout().acknowledgements(machineId),
                                            registry.layout().holdings() + machineId)
                                    .flatMap(prefix -> registry.list(prefix).stream())
                                    .filter(stored -> !(stored.entry() instanceof Entry.Unreadable))
                                    .map(stored -> stored.entry().key())
                                    .collect(Collectors.toSet());
                    return new Event.SaidBefore(ask.order(), Optional.of(keys));
                },
                _ -> new Event.SaidBefore(ask.order(), Optional.empty()));
    }

    @Override
    public void close() {
        Registration before = following;
        if (before != null) {
            before.close();
        }
    }
}
