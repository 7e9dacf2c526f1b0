package flotilla.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A client that asks one URL over and over and notes how long it goes without an answer. */
final class Asker implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int FIRST_ANSWER_SECONDS = 60;

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final HttpRequest request;
    private final Thread thread;
    private long lastAnswer;
    private long longestGap;
    private long answers;
    private long failures;

    Asker(String url) {
        request = HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).build();
        thread = Thread.ofVirtual().name("asker").start(this::askForEver);
    }

    private void askForEver() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                HttpResponse<String> answer =
                        http.send(request, HttpResponse.BodyHandlers.ofString());
                note(answer.statusCode() == 200);
                TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            } catch (IOException e) {
                note(false);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized void note(boolean answered) {
        if (!answered) {
            failures++;
            return;
        }
        long now = System.nanoTime();
        if (answers > 0) {
            longestGap = Math.max(longestGap, now - lastAnswer);
        }
        lastAnswer = now;
        answers++;
        notifyAll();
    }

    synchronized void awaitAnswer() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(FIRST_ANSWER_SECONDS);
        while (answers == 0) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new IllegalStateException(request.uri() + " does not answer");
            }
            wait(left);
        }
    }

    /** The gap that is still open counts too. */
    synchronized double longestGapSeconds() {
        return Math.max(longestGap, System.nanoTime() - lastAnswer) / 1e9;
    }

    synchronized long answers() {
        return answers;
    }

    synchronized long failures() {
        return failures;
    }

    @Override
    public void close() {
        thread.interrupt();
        http.shutdownNow();
    }
}
