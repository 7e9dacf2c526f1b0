package flotilla.store.wire;

import com.google.protobuf.Message;
import flotilla.platform.http.Response;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A stream's answers as lines of JSON, {@code {"result":...}} each, as grpc-gateway writes them.
 */
final class LineStream<A extends Message> implements Outlet<A> {
    /** Answers waiting to be written; beyond it the source waits. */
    private static final int WAITING = 16;

    /** How often a silent stream looks whether its client is still there. */
    private static final long LOOK_SECONDS = 5;

    private final Response.Sink sink;
    private final LinkedBlockingQueue<Line<A>> lines = new LinkedBlockingQueue<>();

    LineStream(Response.Sink sink) {
        this.sink = sink;
    }

    @FunctionalInterface
    interface Open<Q, A> {
        Source open(Q request, Outlet<A> outlet);
    }

    private sealed interface Line<A> {
        record Answer<A>(A message) implements Line<A> {}

        record End<A>() implements Line<A> {}

        record Failure<A>(StatusRuntimeException failure) implements Line<A> {}
    }

    /** Blocks until the stream or its client is over. */
    <Q> void run(Q request, Open<Q, A> open) throws IOException, InterruptedException {
        Source source = open.open(request, this);
        try {
            boolean on = true;
            while (on && !sink.closed()) {
                Line<A> line = lines.poll(LOOK_SECONDS, TimeUnit.SECONDS);
                if (line != null) {
                    on = write(line);
                    source.resume();
                }
            }
        } finally {
            source.close();
        }
    }

    private boolean write(Line<A> line) throws IOException {
        return switch (line) {
            case Line.Answer<A>(A message) -> {
                writeLine("{\"result\":" + JsonGateway.print(message) + "}\n");
                yield true;
            }
            case Line.End<A> end -> false;
            case Line.Failure<A>(StatusRuntimeException failure) -> {
                writeLine("{\"error\":" + JsonGateway.error(failure.getStatus()) + "}\n");
                yield false;
            }
        };
    }

    private void writeLine(String line) throws IOException {
        sink.write(line.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean ready() {
        return lines.size() < WAITING;
    }

    @Override
    public void send(A answer) {
        lines.add(new Line.Answer<>(answer));
    }

    @Override
    public void end() {
        lines.add(new Line.End<>());
    }

    @Override
    public void fail(StatusRuntimeException failure) {
        lines.add(new Line.Failure<>(failure));
    }
}
