package flotilla.fleet.agent.loop;

import flotilla.fleet.agent.Action;
import flotilla.fleet.agent.Event;
import flotilla.fleet.job.HealthCheck;
import flotilla.fleet.job.HealthCheck.Probe;
import flotilla.machine.Init;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks units whether they are healthy, each on a thread of its own and only so many at a time. The
 * answer comes as an event.
 */
final class Prober {
    private static final Logger log = LoggerFactory.getLogger(Prober.class);

    /** Checks at once, which may be processes; the others wait their turn. */
    private static final int AT_ONCE_MAX = 16;

    /** Beyond a command's own limit, until it is taken that the init won't tell. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Commands commands;
    private final Consumer<Event> events;
    private final Semaphore turns = new Semaphore(AT_ONCE_MAX);
    private final HttpClient http =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();

    /** Who runs commands beside a unit: {@link Init#probe}. */
    @FunctionalInterface
    interface Commands {
        CompletableFuture<String> run(String unit, String line, Duration limit);
    }

    Prober(Commands commands, Consumer<Event> events) {
        this.commands = commands;
        this.events = events;
    }

    void ask(Action.Probe probe) {
        Thread.ofVirtual()
                .name("probe " + probe.unit())
                .start(() -> {
                    String problem = problem(probe);
                    if (!problem.isEmpty()) {
                        log.debug("{} is not healthy: {}", probe.unit(), problem);
                    }
                    events.accept(new Event.Probed(probe.order(), probe.unit(), problem));
                });
    }

    private String problem(Action.Probe probe) {
        try {
            turns.acquire();
            try {
                return ask(probe.unit(), probe.check());
            } finally {
                turns.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "its check was interrupted";
        } catch (RuntimeException | StackOverflowError e) {
            log.error("the check of {} failed here", probe.unit(), e);
            return e.toString();
        }
    }

    private String ask(String unit, HealthCheck check) throws InterruptedException {
        return switch (check.probe()) {
            case Probe.Exec(String line) -> command(unit, line, check.timeout());
            case Probe.Http(URI url) -> http(url, check.timeout());
            case Probe.Tcp(String host, int port) -> tcp(host, port, check.timeout());
        };
    }

    private String command(String unit, String line, Duration limit) throws InterruptedException {
        try {
            return commands.run(unit, line, limit)
                    .get(limit.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return "the init has not told of its command within " + limit.plus(GRACE);
        } catch (ExecutionException e) {
            return String.valueOf(e.getCause());
        }
    }

    private String http(URI url, Duration limit) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(url).timeout(limit).GET().build();
        try {
            HttpResponse<Void> answer = http.send(request, BodyHandlers.discarding());
            int status = answer.statusCode();
            return status >= 200 && status < 400 ? "" : url + " answered " + status;
        } catch (HttpTimeoutException e) {
            return url + " has not answered within " + seconds(limit);
        } catch (IOException e) {
            return url + ": " + words(e);
        }
    }

    private static String tcp(String host, int port, Duration limit) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), Math.toIntExact(limit.toMillis()));
            return "";
        } catch (SocketTimeoutException e) {
            return "%s:%d has not answered within %s".formatted(host, port, seconds(limit));
        } catch (IOException e) {
            return host + ":" + port + ": " + words(e);
        }
    }

    private static String words(IOException e) {
        return e.getMessage() == null ? "connection refused" : e.getMessage();
    }

    private static String seconds(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
