package flotilla.store.watch;

import flotilla.protocol.Event;
import flotilla.protocol.ResponseHeader;
import flotilla.protocol.WatchResponse;
import java.util.List;

/** Words the responses as etcd does, and splits large ones where the watch allows it. */
final class Answers {
    /** Id of answers that belong to no watch. */
    private static final long NO_WATCH = -1;

    private final int fragmentBytesMax;

    Answers(int fragmentBytesMax) {
        this.fragmentBytesMax = fragmentBytesMax;
    }

    void created(Watcher watcher, long revision) {
        watcher.stream.sink().send(of(watcher.id, revision).setCreated(true).build());
    }

    void refused(WatchStream stream, long revision, String reason) {
        stream.sink()
                .send(
                        of(NO_WATCH, revision)
                                .setCreated(true)
                                .setCanceled(true)
                                .setCancelReason(reason)
                                .build());
    }

    void canceled(WatchStream stream, long watchId, long revision) {
        stream.sink().send(of(watchId, revision).setCanceled(true).build());
    }

    /** As in etcd 3.4 without a reason: the compacted revision says it. */
    void compacted(Watcher watcher, long revision, long compactRevision) {
        watcher.stream
                .sink()
                .send(
                        of(watcher.id, revision)
                                .setCanceled(true)
                                .setCompactRevision(compactRevision)
                                .build());
    }

    void progress(WatchStream stream, long watchId, long revision) {
        stream.sink().send(of(watchId, revision).build());
    }

    /** Sends what the watcher has gathered, if anything. */
    void events(Watcher watcher, long revision) {
        if (!watcher.hasGathered()) {
            return;
        }
        watcher.busy = true;
        boolean whole = !watcher.fragments() || watcher.gatheredBytes() < fragmentBytesMax;
        List<Event> events = watcher.take();
        if (whole) {
            watcher.stream.sink().send(of(watcher.id, revision).addAllEvents(events).build());
        } else {
            fragments(watcher, revision, events);
        }
    }

    private void fragments(Watcher watcher, long revision, List<Event> events) {
        WatchResponse.Builder part = of(watcher.id, revision);
        long bytes = 0;
        for (Event event : events) {
            if (part.getEventsCount() > 0 && bytes + event.getSerializedSize() > fragmentBytesMax) {
                watcher.stream.sink().send(part.setFragment(true).build());
                part = of(watcher.id, revision);
                bytes = 0;
            }
            part.addEvents(event);
            bytes += event.getSerializedSize();
        }
        watcher.stream.sink().send(part.build());
    }

    private static WatchResponse.Builder of(long watchId, long revision) {
        return WatchResponse.newBuilder()
                .setHeader(ResponseHeader.newBuilder().setRevision(revision))
                .setWatchId(watchId);
    }
}
