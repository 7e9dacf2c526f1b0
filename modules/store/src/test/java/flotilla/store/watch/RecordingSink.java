package flotilla.store.watch;

import flotilla.protocol.WatchResponse;
import java.util.ArrayList;
import java.util.List;

/** Keeps what it is sent; slow when told to be. */
public final class RecordingSink implements WatchSink {
    private final List<WatchResponse> responses = new ArrayList<>();
    private volatile boolean ready = true;

    public void ready(boolean now) {
        ready = now;
    }

    @Override
    public boolean ready() {
        return ready;
    }

    @Override
    public synchronized void send(WatchResponse response) {
        responses.add(response);
    }

    public synchronized List<WatchResponse> responses() {
        return List.copyOf(responses);
    }
}
