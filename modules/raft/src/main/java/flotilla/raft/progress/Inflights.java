package flotilla.raft.progress;

import java.util.ArrayDeque;

/**
 * The appends on their way to one follower: a window with two limits, messages and bytes. One
 * message always fits an empty window, however large, or a large entry could never be sent.
 */
final class Inflights {
    private record Sent(long lastIndex, long bytes) {}

    private final ArrayDeque<Sent> sent = new ArrayDeque<>();
    private final int messagesMax;
    private final long bytesMax;
    private long bytes;

    Inflights(int messagesMax, long bytesMax) {
        this.messagesMax = messagesMax;
        this.bytesMax = bytesMax;
    }

    void add(long lastIndex, long messageBytes) {
        sent.addLast(new Sent(lastIndex, messageBytes));
        bytes += messageBytes;
    }

    boolean full() {
        return sent.size() >= messagesMax || bytes >= bytesMax;
    }

    /** The follower has everything up to {@code index}. */
    void freeTo(long index) {
        while (!sent.isEmpty() && sent.peekFirst().lastIndex <= index) {
            bytes -= sent.removeFirst().bytes;
        }
    }

    void clear() {
        sent.clear();
        bytes = 0;
    }

    int messages() {
        return sent.size();
    }
}
