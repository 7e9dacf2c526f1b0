package flotilla.store.watch;

import flotilla.protocol.Event;
import flotilla.protocol.ResponseHeader;
import flotilla.protocol.WatchResponse;
import flotilla.store.apply.mvcc.Revision;

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

    /**
     * Tells a watcher what it has gathered, if anything. A part of a revision goes out as a
     * fragment, whether or not the watch asked for those, and the end of that revision closes it.
     *
     * @param end everything before it was offered to the watcher
     */
    void events(Watcher watcher, Revision end) {
        Watcher.Told told = watcher.take(end);
        boolean closes = watcher.inside && !told.more();
        if (told.events().isEmpty() && !closes) {
            return;
        }
        watcher.busy = true;
        watcher.inside = told.more();
        WatchResponse.Builder part = of(watcher.id, told.upTo());
        long bytes = 0;
        for (Event event : told.events()) {
            boolean full = bytes + event.getSerializedSize() > fragmentBytesMax;
            if (watcher.fragments() && part.getEventsCount() > 0 && full) {
                watcher.stream.sink().send(part.setFragment(true).build());
                part = of(watcher.id, told.upTo());
                bytes = 0;
            }
            part.addEvents(event);
            bytes += event.getSerializedSize();
        }
        watcher.stream.sink().send(part.setFragment(told.more()).build());
    }

    private static WatchResponse.Builder of(long watchId, long revision) {
        return WatchResponse.newBuilder()
                .setHeader(ResponseHeader.newBuilder().setRevision(revision))
                .setWatchId(watchId);
    }
}
