package flotilla.fleet.registry;

import flotilla.client.WatchListener;
import flotilla.fleet.cluster.Change;
import flotilla.protocol.Event;
import java.util.ArrayList;
import java.util.List;

/** What a watch hears, revision by revision. */
final class Tail implements WatchListener {
    private final Registry registry;
    private final TailListener listener;

    Tail(Registry registry, TailListener listener) {
        this.registry = registry;
        this.listener = listener;
    }

    @Override
    public void onEvents(List<Event> events) {
        int from = 0;
        for (int to = 1; to <= events.size(); to++) {
            long revision = revision(events.get(from));
            if (to == events.size() || revision(events.get(to)) != revision) {
                listener.changed(changes(events.subList(from, to)), revision);
                from = to;
            }
        }
    }

    private static long revision(Event event) {
        return event.getKv().getModRevision();
    }

    private List<Change> changes(List<Event> events) {
        List<Change> changes = new ArrayList<>(events.size());
        for (Event event : events) {
            registry.change(event).ifPresent(changes::add);
        }
        return changes;
    }

    @Override
    public void onCompacted(long compactRevision) {
        listener.ended(true);
    }

    @Override
    public void onFailed(RuntimeException failure) {
        listener.ended(false);
    }
}
