package flotilla.store.log.peer;

import flotilla.platform.Clock;
import flotilla.store.log.SnapshotShelf.Stored;
import flotilla.store.log.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A snapshot on its way to one member. On the loop, but for reading the disk, one chunk at a time.
 *
 * <pre>
 * OFFERED    offer      -> wanted: SENDING from there; done: over; declined: over, failed
 * SENDING    chunks, as far ahead of what is kept as the receiver lets; behind the last: ENDED
 * ENDED      end        -> done: over; declined: over, failed
 * any        offered again after a break; silence: over, failed
 * </pre>
 */
final class SnapshotSending {
    /** How long an offer may be unanswered before it is made again. */
    private static final Duration OFFER_PAUSE = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(SnapshotSending.class);

    private final long number;
    private final long term;
    private final Manifest manifest;
    private final Stored stored;
    private final Tools tools;
    private final CompletableFuture<Void> result = new CompletableFuture<>();

    /** Ends of the chunks that have been read and are not known to be kept, the first kept one. */
    private final Deque<Mark> marks = new ArrayDeque<>();

    private State state = State.OFFERED;
    private int windowBytes;
    private long aheadBytes;
    private boolean reading;

    /** Counts the beginnings: what was read for an earlier one is dropped. */
    private int beginning;

    private long heardNanos;
    private long offeredNanos;

    private enum State {
        OFFERED,
        SENDING,
        ENDED,
        OVER
    }

    /**
     * @param digest of all bytes before
     * @param bytes of the chunk before
     */
    private record Mark(Position position, int digest, int bytes) {}

    /**
     * What it works with.
     *
     * @param loop on which all else happens
     * @param disk where it reads
     * @param send to the member, in order
     * @param windowBytes that it may be ahead of the receiver, whatever that allows
     * @param patience how long nothing may be heard of the receiver
     */
    record Tools(
            Executor loop,
            Executor disk,
            Clock clock,
            Consumer<Parcel> send,
            int windowBytes,
            Duration patience) {}

    /**
     * @param number never used for another sending
     */
    SnapshotSending(long number, long term, Stored stored, Tools tools) {
        this.number = number;
        this.term = term;
        this.manifest = new Manifest(stored.mark(), stored.parts());
        this.stored = stored;
        this.tools = tools;
        this.heardNanos = tools.clock().nanos();
        marks.add(new Mark(Position.START, 0, 0));
    }

    long number() {
        return number;
    }

    CompletableFuture<Void> result() {
        return result;
    }

    /** There are connections, one or the other of them anew: something may have been lost. */
    void offer() {
        if (state != State.OVER) {
            state = State.OFFERED;
            beginning++;
            offeredNanos = tools.clock().nanos();
            tools.send().accept(new Parcel.Offer(number, beginning, term, manifest));
        }
    }

    void wanted(Parcel.Wanted wanted) {
        if (state != State.OFFERED || wanted.beginning() != beginning) {
            return;
        }
        heard();
        if (wanted.from().equals(Position.START)) {
            // Its receiver has lost what it had, or never had any.
            marks.addFirst(new Mark(Position.START, 0, 0));
        }
        if (!forget(wanted.from()) || marks.getFirst().digest() != wanted.digest()) {
            abandon(new IOException("the receiver has other bytes than were sent to it"));
            return;
        }
        Mark from = marks.getFirst();
        marks.clear();
        marks.add(from);
        aheadBytes = 0;
        windowBytes = Math.min(wanted.windowBytes(), tools.windowBytes());
        state = State.SENDING;
        readOn();
    }

    private void heard() {
        heardNanos = tools.clock().nanos();
    }

    void kept(Position upTo) {
        heard();
        if (state == State.SENDING || state == State.ENDED) {
            forget(upTo);
            readOn();
        }
    }

    /** Drops what lies before; false if it is not the end of a chunk that was read. */
    private boolean forget(Position upTo) {
        if (marks.stream().noneMatch(mark -> mark.position().equals(upTo))) {
            return false;
        }
        while (!marks.getFirst().position().equals(upTo)) {
            marks.removeFirst();
            aheadBytes -= marks.getFirst().bytes();
        }
        return true;
    }

    private void readOn() {
        if (state != State.SENDING || reading) {
            return;
        }
        Mark last = marks.getLast();
        if (manifest.isEnd(last.position())) {
            state = State.ENDED;
            tools.send().accept(new Parcel.End(number, beginning, last.digest()));
            return;
        }
        int bytes = manifest.chunkBytes(last.position());
        if (aheadBytes > 0 && aheadBytes + bytes > windowBytes) {
            return;
        }
        reading = true;
        int forBeginning = beginning;
        tools.disk().execute(() -> read(last.position(), bytes, forBeginning));
    }

    private void read(Position at, int bytes, int forBeginning) {
        ByteBuffer into = ByteBuffer.allocate(bytes);
        IOException failure = null;
        try {
            stored.read(manifest.parts().get(at.part()), at.offset(), into);
            if (into.hasRemaining()) {
                failure = new IOException(manifest.parts().get(at.part()) + " ends too early");
            }
        } catch (IOException | RuntimeException e) {
            failure = new IOException("read a snapshot to send it", e);
        }
        IOException failed = failure;
        tools.loop()
                .execute(() -> {
                    reading = false;
                    if (state == State.OVER) {
                        closeStored();
                    } else if (failed != null) {
                        abandon(failed);
                    } else if (forBeginning == beginning && state == State.SENDING) {
                        chunkRead(at, into.array());
                    } else {
                        readOn();
                    }
                });
    }

    private void chunkRead(Position at, byte[] chunk) {
        int digest = Manifest.digest(marks.getLast().digest(), chunk);
        marks.addLast(new Mark(manifest.behindChunk(at), digest, chunk.length));
        aheadBytes += chunk.length;
        tools.send().accept(new Parcel.Chunk(number, beginning, at, chunk));
        readOn();
    }

    void done() {
        over();
        result.complete(null);
    }

    void declined(String reason) {
        fail(new Transport.Declined("the receiver does not take the snapshot: " + reason));
    }

    /** Gives it up if nothing has been heard of the receiver for too long. */
    void look() {
        long now = tools.clock().nanos();
        if (state == State.OFFERED && now - offeredNanos > OFFER_PAUSE.toNanos()) {
            offer();
        }
        if (now - heardNanos > tools.patience().toNanos()) {
            abandon(
                    new IOException(
                            "nothing was heard of the snapshot's receiver for "
                                    + tools.patience()));
        }
    }

    /** Gives it up, and says so to the receiver. */
    void abandon(IOException why) {
        if (state != State.OVER) {
            tools.send().accept(new Parcel.Abandoned(number));
            fail(why);
        }
    }

    private void fail(IOException why) {
        over();
        result.completeExceptionally(why);
    }

    private void over() {
        if (state != State.OVER) {
            state = State.OVER;
            if (!reading) {
                closeStored();
            }
        }
    }

    private void closeStored() {
        tools.disk()
                .execute(() -> {
                    try {
                        stored.close();
                    } catch (IOException e) {
                        log.warn("close a snapshot that was sent", e);
                    }
                });
    }
}
