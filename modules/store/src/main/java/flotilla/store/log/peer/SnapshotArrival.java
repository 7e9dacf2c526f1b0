package flotilla.store.log.peer;

import flotilla.platform.Clock;
import flotilla.store.log.SnapshotShelf.Arriving;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A snapshot on its way in from one member. On the loop, but for the disk: opening, writing and
 * finishing happen there, one task at a time, and what came in meanwhile is the next task. It
 * outlives the connection it comes on, so that the sender can go on from what is kept.
 */
final class SnapshotArrival {
    /** How often the sender is told that work goes on, however long the disk takes. */
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(SnapshotArrival.class);

    private final long number;
    private final Manifest manifest;
    private final Tools tools;
    private final CompletableFuture<Void> result = new CompletableFuture<>();
    private final List<Parcel.Chunk> waiting = new ArrayList<>();
    private State state = State.OPENING;
    private boolean atWork;
    private boolean asked;
    private int beginning;
    private @Nullable Arriving arriving;
    private @Nullable Integer endDigest;
    private long waitingBytes;

    /** Behind the last chunk that came in. */
    private Position next = Position.START;

    /** Behind the last chunk that was written, and the digest of all bytes up to there. */
    private Position kept = Position.START;

    private int keptDigest;
    private long heardNanos;
    private long spokeNanos;

    private enum State {
        OPENING,
        TAKING,
        DONE,
        FAILED
    }

    /**
     * What it works with.
     *
     * @param loop on which all else happens
     * @param disk where it writes
     * @param send to the member, in order
     * @param windowBytes that the sender may be ahead of what is written
     * @param finished is told on the loop that it is on the disk, before the sender is
     */
    record Tools(
            Executor loop,
            Executor disk,
            Clock clock,
            Consumer<Parcel> send,
            int windowBytes,
            Runnable finished) {}

    /**
     * @param opening makes the place for it, and may block
     */
    SnapshotArrival(Parcel.Offer offer, Callable<Arriving> opening, Tools tools) {
        this.number = offer.sending();
        this.beginning = offer.beginning();
        this.manifest = offer.manifest();
        this.tools = tools;
        this.heardNanos = tools.clock().nanos();
        this.spokeNanos = heardNanos;
        this.asked = true;
        work(
                () -> {
                    arriving = opening.call();
                },
                () -> state = State.TAKING);
    }

    long number() {
        return number;
    }

    /** Completes on the loop, when all of it is on the disk or it is given up. */
    CompletableFuture<Void> result() {
        return result;
    }

    /** Again, after a break: what had come in is written first. */
    void offered(int another) {
        heard();
        beginning = another;
        switch (state) {
            case OPENING, TAKING -> {
                asked = true;
                answer();
            }
            case DONE -> tools.send().accept(new Parcel.Done(number));
            case FAILED -> tools.send().accept(new Parcel.Declined(number, "it has failed"));
        }
    }

    /** Tells the sender from where to go on, once nothing waits to be written. */
    private void answer() {
        if (asked && state == State.TAKING && !atWork && waiting.isEmpty()) {
            asked = false;
            endDigest = null;
            tools.send()
                    .accept(
                            new Parcel.Wanted(
                                    number, beginning, kept, keptDigest, tools.windowBytes()));
        }
    }

    /**
     * @throws Malformed if it is not the next chunk, or more than the sender may send
     */
    void chunk(Parcel.Chunk chunk) {
        heard();
        if (state != State.TAKING || asked || chunk.beginning() != beginning) {
            return;
        }
        boolean fits =
                chunk.at().equals(next)
                        && !manifest.isEnd(next)
                        && chunk.data().length == manifest.chunkBytes(next);
        waitingBytes += chunk.data().length;
        if (!fits || (waitingBytes > tools.windowBytes() && waitingBytes > chunk.data().length)) {
            throw new Malformed(
                    "a chunk of %d bytes at %s instead of %s, %d bytes waiting"
                            .formatted(chunk.data().length, chunk.at(), next, waitingBytes));
        }
        next = manifest.behindChunk(next);
        waiting.add(chunk);
        goOn();
    }

    private void heard() {
        heardNanos = tools.clock().nanos();
    }

    void end(Parcel.End end) {
        heard();
        if (state == State.TAKING && !asked && end.beginning() == beginning) {
            endDigest = end.digest();
            goOn();
        }
    }

    private void goOn() {
        if (atWork || state != State.TAKING) {
            return;
        }
        if (!waiting.isEmpty()) {
            List<Parcel.Chunk> chunks = List.copyOf(waiting);
            waiting.clear();
            work(() -> write(chunks), () -> written(chunks));
        } else if (asked) {
            answer();
        } else if (endDigest != null) {
            int digest = endDigest;
            work(() -> finish(digest), this::finished);
        }
    }

    private void write(List<Parcel.Chunk> chunks) throws IOException {
        for (Parcel.Chunk chunk : chunks) {
            String part = manifest.parts().get(chunk.at().part()).name();
            place().write(part, ByteBuffer.wrap(chunk.data()));
        }
    }

    private Arriving place() throws IOException {
        if (arriving == null) {
            throw new IOException("a snapshot that was not begun");
        }
        return arriving;
    }

    private void written(List<Parcel.Chunk> chunks) {
        for (Parcel.Chunk chunk : chunks) {
            kept = manifest.behindChunk(chunk.at());
            keptDigest = Manifest.digest(keptDigest, chunk.data());
            waitingBytes -= chunk.data().length;
        }
        tools.send().accept(new Parcel.Kept(number, kept));
    }

    private void finish(int digest) throws IOException {
        if (!manifest.isEnd(kept) || digest != keptDigest) {
            throw new IOException(
                    "what came in is not what was sent: it ends at %s with checksum %08x, not %08x"
                            .formatted(kept, keptDigest, digest));
        }
        place().finish();
        place().close();
    }

    private void finished() {
        state = State.DONE;
        arriving = null;
        tools.finished().run();
        result.complete(null);
        tools.send().accept(new Parcel.Done(number));
    }

    /** Something that the disk may fail or block. */
    private interface Work {
        void run() throws Exception;
    }

    private void work(Work onDisk, Runnable then) {
        atWork = true;
        tools.disk()
                .execute(() -> {
                    Exception failure = null;
                    try {
                        onDisk.run();
                    } catch (Exception e) {
                        failure = e;
                    }
                    Exception failed = failure;
                    tools.loop().execute(() -> worked(failed, then));
                });
    }

    private void worked(@Nullable Exception failure, Runnable then) {
        atWork = false;
        if (state == State.FAILED) {
            closeArriving();
        } else if (failure != null) {
            log.warn(
                    "a snapshot up to entry {} is not taken in: {}",
                    manifest.mark().index(),
                    failure.toString());
            tools.send().accept(new Parcel.Declined(number, String.valueOf(failure)));
            giveUp();
        } else {
            then.run();
            answer();
            goOn();
        }
    }

    /** Tells a sender that waits for a slow disk that it is waited for. */
    void signOfLife() {
        long now = tools.clock().nanos();
        if (atWork && now - spokeNanos > SIGN_OF_LIFE.toNanos()) {
            spokeNanos = now;
            tools.send().accept(new Parcel.Kept(number, kept));
        }
    }

    /** Whether its sender has been gone for so long that it won't come back to it. */
    boolean forgotten(Duration patience) {
        return !atWork && tools.clock().nanos() - heardNanos > patience.toNanos();
    }

    /** Takes nothing more; what is there of it goes, unless it is whole. */
    void giveUp() {
        if (state != State.DONE && state != State.FAILED) {
            state = State.FAILED;
            waiting.clear();
            result.completeExceptionally(new IOException("a snapshot that did not arrive whole"));
            if (!atWork) {
                closeArriving();
            }
        }
    }

    private void closeArriving() {
        Arriving closing = arriving;
        arriving = null;
        if (closing != null) {
            tools.disk()
                    .execute(() -> {
                        try {
                            closing.close();
                        } catch (IOException e) {
                            log.warn("close a snapshot that came in", e);
                        }
                    });
        }
    }
}
