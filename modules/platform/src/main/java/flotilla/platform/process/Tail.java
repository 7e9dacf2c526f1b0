package flotilla.platform.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Reads a stream to its end in a thread of its own, and keeps the end of what came. */
public final class Tail {
    private final Thread reader;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final int bytesMax;

    private Tail(InputStream stream, OutputStream copy, int bytesMax) {
        this.bytesMax = bytesMax;
        this.reader = Thread.ofVirtual().start(() -> read(stream, copy));
    }

    /**
     * @param bytesMax what is kept at least of what came, if so much came; never twice as much
     */
    public static Tail of(InputStream stream, int bytesMax) {
        return new Tail(stream, OutputStream.nullOutputStream(), bytesMax);
    }

    /** The same, and hands on at once what comes. */
    public static Tail copying(InputStream stream, OutputStream copy, int bytesMax) {
        return new Tail(stream, copy, bytesMax);
    }

    private void read(InputStream stream, OutputStream copy) {
        byte[] bytes = new byte[1 << 13];
        try {
            for (int n = stream.read(bytes); n >= 0; n = stream.read(bytes)) {
                keep(bytes, n);
                copy.write(bytes, 0, n);
                copy.flush();
            }
        } catch (IOException closed) {
            return; // Whoever closed it wants no more of it.
        }
    }

    private synchronized void keep(byte[] bytes, int count) {
        kept.write(bytes, 0, count);
        if (kept.size() > 2 * bytesMax) {
            byte[] all = kept.toByteArray();
            kept.reset();
            kept.write(all, all.length - bytesMax, bytesMax);
        }
    }

    /**
     * Waits until all has come.
     *
     * @param graceMillis and not for longer: something else may hold the stream open
     */
    public void await(long graceMillis) throws InterruptedException {
        reader.join(graceMillis);
    }

    /** What has come until now. */
    public synchronized String text() {
        return kept.toString(StandardCharsets.UTF_8);
    }
}
