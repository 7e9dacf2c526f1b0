package flotilla.conformance.etcd;

import flotilla.protocol.Event;
import flotilla.protocol.WatchGrpc;
import flotilla.protocol.WatchRequest;
import flotilla.protocol.WatchResponse;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A watch stream that writes down, per watch, what arrived. How events are packed into responses is
 * the server's choice; which events, in which order, with which revisions, is not.
 */
final class WatchStream implements StreamObserver<WatchResponse> {
    private final StreamObserver<WatchRequest> requests;
    private final Map<Long, List<String>> seen = new TreeMap<>();
    private String end = "";

    WatchStream(Channel channel) {
        requests = WatchGrpc.newStub(channel).watch(this);
    }

    /** Sends the request; what comes of it is found in {@link #seen}. */
    WatchResponse ask(WatchRequest request) {
        requests.onNext(request);
        return WatchResponse.getDefaultInstance();
    }

    /** What each watch has told so far, and how the stream ended if it has. */
    synchronized Map<Long, List<String>> seen() {
        Map<Long, List<String>> copy = new TreeMap<>();
        seen.forEach((watch, lines) -> copy.put(watch, List.copyOf(lines)));
        if (!end.isEmpty()) {
            copy.put(Long.MAX_VALUE, List.of(end));
        }
        return copy;
    }

    /** How many watches the server says it has made. */
    synchronized long created() {
        return seen.values().stream()
                .flatMap(List::stream)
                .filter(line -> line.startsWith("created"))
                .count();
    }

    @Override
    public synchronized void onNext(WatchResponse response) {
        List<String> lines = seen.computeIfAbsent(response.getWatchId(), id -> new ArrayList<>());
        if (response.getCreated()) {
            lines.add("created at " + response.getHeader().getRevision());
        }
        for (Event event : response.getEventsList()) {
            lines.add(Answer.print(event));
        }
        if (response.getCanceled()) {
            lines.add(
                    "canceled, compacted at %d, reason '%s'"
                            .formatted(response.getCompactRevision(), response.getCancelReason()));
        }
    }

    @Override
    public synchronized void onError(Throwable error) {
        end = "ended with " + error.getMessage();
    }

    @Override
    public synchronized void onCompleted() {
        end = "ended";
    }
}
