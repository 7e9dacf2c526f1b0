package flotilla.sim.network;

import flotilla.platform.disk.DamagedFile;
import flotilla.raft.message.Message.InstallSnapshot;
import flotilla.store.log.SnapshotShelf.Arriving;
import flotilla.store.log.SnapshotShelf.Part;
import flotilla.store.log.SnapshotShelf.Stored;
import flotilla.store.log.Transport;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A snapshot on its way, piece by piece. It can break at each. */
final class Shipment {
    private static final int PIECE_BYTES = 4_096;

    private final Port from;
    private final long to;
    private final long term;
    private final Stored snapshot;
    private final Iterator<Part> parts;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final Runnable lost = this::lose;
    private @Nullable Port target;
    private @Nullable Part part;
    private @Nullable Arriving arriving;
    private long offset;
    private boolean over;

    Shipment(Port from, long to, long term, Stored snapshot) {
        this.from = from;
        this.to = to;
        this.term = term;
        this.snapshot = snapshot;
        this.parts = snapshot.parts().iterator();
    }

    CompletableFuture<Void> done() {
        return done;
    }

    void begin() {
        Port port = from.network().port(to);
        target = port;
        if (port != null) {
            port.onBreak(lost);
        }
        there(receiver -> {
            arriving = receiver.receiver().arriving(from.member(), snapshot.mark());
            next();
        });
    }

    private void next() {
        here(() -> {
            if (part == null || offset >= part.bytes()) {
                if (!parts.hasNext()) {
                    there(this::finish);
                    return;
                }
                part = parts.next();
                offset = 0;
            }
            Part whose = part;
            ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
            snapshot.read(whose, offset, piece);
            offset += piece.position();
            piece.flip();
            there(_ -> {
                arriving().write(whose.name(), piece);
                next();
            });
        });
    }

    private void finish(Port port) throws IOException {
        Arriving whole = arriving();
        whole.finish();
        arriving = null;
        whole.close();
        InstallSnapshot install = new InstallSnapshot(from.member(), to, term, snapshot.mark());
        from.network().received(install);
        port.receiver().received(install);
        from.arrived(port);
        here(() -> {
            end();
            snapshot.close();
            done.complete(null);
        });
    }

    private Arriving arriving() throws IOException {
        if (arriving == null) {
            throw new IOException("the receiver no longer takes it");
        }
        return arriving;
    }

    private interface There {
        void run(Port port) throws IOException;
    }

    private interface Here {
        void run() throws IOException;
    }

    private void there(There what) {
        Port port = target;
        if (port == null || from.network().isCut(from.member(), to) || from.network().loses()) {
            broken(new IOException("the connection to member %x broke".formatted(to)));
            return;
        }
        port.life()
                .after(
                        from.network().delay(),
                        "snapshot",
                        () -> {
                            if (!over) {
                                taken(() -> what.run(port));
                            }
                        });
    }

    /** As the receiver's end says it: without the cause, but in words. */
    private void taken(Here what) {
        try {
            what.run();
        } catch (IOException e) {
            if (e instanceof DamagedFile) {
                from.arrivedDamaged(snapshot.mark());
            }
            broken(new Transport.Declined(e.toString()));
        }
    }

    private void here(Here what) {
        from.life()
                .after(
                        from.network().delay(),
                        "snapshot",
                        () -> {
                            if (!over) {
                                attempt(what);
                            }
                        });
    }

    private void attempt(Here what) {
        try {
            what.run();
        } catch (IOException e) {
            broken(e);
        }
    }

    private void lose() {
        broken(new IOException("the receiver is gone"));
    }

    /** The sender hears of it; the receiver gives up what it has, if it lives. */
    private void broken(IOException failure) {
        if (over) {
            return;
        }
        end();
        Arriving half = arriving;
        if (half != null && target != null) {
            target.life().after(from.network().delay(), "snapshot given up", () -> close(half));
        }
        from.life()
                .after(
                        from.network().delay(),
                        "snapshot broken",
                        () -> {
                            close(snapshot);
                            done.completeExceptionally(failure);
                        });
    }

    private void end() {
        over = true;
        if (target != null) {
            target.forget(lost);
        }
    }

    private static void close(Closeable what) {
        try {
            what.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing what is in memory", e);
        }
    }
}
