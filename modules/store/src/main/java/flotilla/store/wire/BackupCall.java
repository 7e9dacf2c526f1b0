package flotilla.store.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import flotilla.protocol.SnapshotResponse;
import flotilla.store.backup.BoltFile;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.CancellationException;

/**
 * A backup on its way to a client, in etcd's pieces: the file, and behind it its SHA-256. Whoever
 * writes is held until the client takes more.
 */
final class BackupCall implements BoltFile.Sink {
    /** Bytes of a piece (etcd's). */
    private static final int PIECE_BYTES = 32 << 10;

    private final ServerCallStreamObserver<SnapshotResponse> call;
    private final MessageDigest digest = sha256();
    private final ByteArrayOutputStream piece = new ByteArrayOutputStream(2 * PIECE_BYTES);
    private long left;

    /** Must be made before the service method returns. */
    BackupCall(ServerCallStreamObserver<SnapshotResponse> call) {
        this.call = call;
        call.setOnReadyHandler(this::wake);
        call.setOnCancelHandler(this::wake);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * Blocks until the client has taken it.
     *
     * @throws CancellationException when the client has gone
     */
    void send(BoltFile file) {
        file.writeTo(this, length -> left = length);
        flush();
        awaitReady();
        call.onNext(piece(ByteString.copyFrom(digest.digest())));
        call.onCompleted();
    }

    /** What came in between; a client that has gone is told nothing. */
    void fail(RuntimeException cause) {
        if (!call.isCancelled()) {
            call.onError(Reply.status(cause));
        }
    }

    @Override
    public void write(byte[] bytes) {
        digest.update(bytes);
        piece.writeBytes(bytes);
        if (piece.size() >= PIECE_BYTES) {
            flush();
        }
    }

    /** A large value makes more than a piece. */
    private void flush() {
        ByteString bytes = UnsafeByteOperations.unsafeWrap(piece.toByteArray());
        piece.reset();
        for (int from = 0; from < bytes.size(); from += PIECE_BYTES) {
            ByteString next = bytes.substring(from, Math.min(from + PIECE_BYTES, bytes.size()));
            left -= next.size();
            awaitReady();
            call.onNext(piece(next));
        }
    }

    private SnapshotResponse piece(ByteString bytes) {
        return SnapshotResponse.newBuilder().setRemainingBytes(left).setBlob(bytes).build();
    }

    private synchronized void wake() {
        notifyAll();
    }

    private synchronized void awaitReady() {
        try {
            while (!call.isReady() && !call.isCancelled()) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the member stops");
        }
        if (call.isCancelled()) {
            throw new CancellationException("the client has gone");
        }
    }
}
