package flotilla.fleet.agent.loop;

import flotilla.client.EtcdClientException;
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
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the store what the agent wants to know, and says what it wants said. Each question has a
 * thread of its own until it is answered; the answer comes as an event.
 */
final class StoreDesk implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StoreDesk.class);

    private final Registry registry;
    private final String machineId;
    private final Consumer<Event> events;
    private @Nullable Registration following;
    private volatile String complaint = "";

    StoreDesk(Registry registry, String machineId, Consumer<Event> events) {
        this.registry = registry;
        this.machineId = machineId;
        this.events = events;
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
        ask(
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
        ask(
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
        ask(
                () -> {
                    Set<Key> keys =
                            Stream.of(
                                            registry.layout().states(machineId),
                                            registry.layout().acknowledgements(machineId))
                                    .flatMap(prefix -> registry.list(prefix).stream())
                                    .filter(stored -> !(stored.entry() instanceof Entry.Unreadable))
                                    .map(stored -> stored.entry().key())
                                    .collect(Collectors.toSet());
                    return new Event.SaidBefore(ask.order(), Optional.of(keys));
                },
                _ -> new Event.SaidBefore(ask.order(), Optional.empty()));
    }

    private void ask(Supplier<Event> question, Function<String, Event> failed) {
        Thread.ofVirtual()
                .name("agent-asks")
                .start(() -> {
                    Event answer;
                    try {
                        answer = question.get();
                    } catch (EtcdClientException e) {
                        log.debug("the store was asked in vain: {}", e.getMessage());
                        answer = failed.apply(String.valueOf(e.getMessage()));
                    } catch (RuntimeException | StackOverflowError e) {
                        complain(e);
                        answer = failed.apply(e.toString());
                    }
                    events.accept(answer);
                });
    }

    private void complain(Throwable problem) {
        String words = problem.toString();
        if (!words.equals(complaint)) {
            complaint = words;
            log.error("the agent can't ask the store, trying on", problem);
        }
    }

    @Override
    public void close() {
        Registration before = following;
        if (before != null) {
            before.close();
        }
    }
}
