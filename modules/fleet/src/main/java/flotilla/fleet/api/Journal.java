package flotilla.fleet.api;

import flotilla.machine.Init;
import flotilla.machine.Journal.From;
import flotilla.machine.JournalLine;
import flotilla.machine.UnitState;
import flotilla.platform.Registration;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import flotilla.platform.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * {@code /flotilla/v1/units/NAME/journal?lines=N&follow=1}: what a unit logged on this machine, one
 * JSON object per line.
 */
final class Journal {
    /** Lines that may be asked for at once. */
    private static final int MAX_LINES = 10_000;

    /** As fleetctl's. */
    private static final int DEFAULT_LINES = 10;

    /** Lines waiting for a slow reader; the init holds some more, drops others and says so. */
    private static final int QUEUE = 8;

    /** How often a quiet stream sends an empty line, so that an end that has gone is noticed. */
    private static final long IDLE_MILLIS = 5_000;

    private final Init init;
    private final flotilla.machine.Journal logs;

    Journal(Init init, flotilla.machine.Journal logs) {
        this.init = init;
        this.logs = logs;
    }

    Response get(String unit, Request request) throws ApiException {
        int lines = lines(request.parameter("lines").orElse(String.valueOf(DEFAULT_LINES)));
        boolean follow = request.parameter("follow").filter(Journal::truthy).isPresent();
        Response.StreamBody body =
                follow
                        ? sink -> follow(unit, lines, sink)
                        : sink -> {
                            for (JournalLine line : logs.last(unit, lines)) {
                                sink.write(bytes(line));
                            }
                        };
        return new Response.Streamed(200, Map.of("Content-Type", "application/x-ndjson"), body);
    }

    private static int lines(String text) throws ApiException {
        try {
            int lines = Integer.parseInt(text);
            if (lines >= 0 && lines <= MAX_LINES) {
                return lines;
            }
        } catch (NumberFormatException e) {
            throw new ApiException(400, "lines=" + text + " is no number");
        }
        throw new ApiException(400, "lines=" + text + " is not between 0 and " + MAX_LINES);
    }

    private static boolean truthy(String text) {
        return text.isEmpty() || text.equals("1") || text.equals("true");
    }

    private void follow(String unit, int lines, Response.Sink sink)
            throws IOException, InterruptedException {
        BlockingQueue<JournalLine> queue = new ArrayBlockingQueue<>(QUEUE);
        From from = new From.Last(lines);
        try (Registration following = logs.follow(unit, from, line -> put(queue, line))) {
            while (!sink.closed()) {
                JournalLine line = queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
                if (line == null && isGone(unit)) {
                    return;
                }
                sink.write(line == null ? new byte[] {'\n'} : bytes(line));
            }
        }
    }

    /** A unit that has left this machine logs nothing here any more. */
    private boolean isGone(String unit) throws IOException {
        UnitState state = init.states(List.of(unit)).get(unit);
        return state == null || state.load().equals("not-found");
    }

    private static void put(BlockingQueue<JournalLine> queue, JournalLine line) {
        try {
            queue.put(line);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] bytes(JournalLine line) {
        return (Json.write(JournalLineBody.of(line)) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
