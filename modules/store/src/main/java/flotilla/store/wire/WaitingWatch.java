package flotilla.store.wire;

import flotilla.protocol.WatchCreateRequest;
import flotilla.protocol.WatchResponse;
import flotilla.store.watch.WatchHub;
import flotilla.store.watch.WatchSink;
import flotilla.store.watch.WatchStream;
import java.util.concurrent.LinkedBlockingQueue;

/** A watch of one key or range that a thread waits for. */
final class WaitingWatch implements WatchSink, AutoCloseable {
    /** Responses not looked at yet; beyond it the hub keeps them in history. */
    private static final int WAITING = 16;

    private final LinkedBlockingQueue<WatchResponse> responses = new LinkedBlockingQueue<>();
    private final WatchStream stream;

    WaitingWatch(WatchHub hub, WatchCreateRequest request) {
        this.stream = hub.open(this);
        stream.create(request);
    }

    /** The next response; one that says canceled is the last. */
    WatchResponse next() throws InterruptedException {
        WatchResponse response = responses.take();
        stream.resume();
        return response;
    }

    @Override
    public boolean ready() {
        return responses.size() < WAITING;
    }

    @Override
    public void send(WatchResponse response) {
        responses.add(response);
    }

    @Override
    public void close() {
        stream.close();
    }
}
