package flotilla.conformance.story;

import flotilla.conformance.servers.Launcher;
import flotilla.conformance.servers.Units;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** The article's picture on a cluster: six API servers behind two load balancers. */
record Picture(Launcher flotilla) {
    static final List<String> UNITS =
            List.of(
                    "api@1.service",
                    "api@2.service",
                    "api@3.service",
                    "api@4.service",
                    "api@5.service",
                    "api@6.service",
                    "lb@1.service",
                    "lb@2.service");

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(300);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);

    void start() {
        List<String> start = new ArrayList<>(List.of("start"));
        UNITS.forEach(unit -> start.add("examples/" + unit));
        flotilla.run(start.toArray(String[]::new)).text();
    }

    /** Waits until every unit is active, none on a machine that is lost; where each is. */
    Map<String, String> awaitActive(Set<String> lost) {
        return Awaitility.await("all units active")
                .atMost(PATIENCE)
                .pollInterval(LOOK_AGAIN)
                .until(
                        () -> Units.active(flotilla),
                        places ->
                                places.keySet().containsAll(UNITS)
                                        && places.values().stream().noneMatch(lost::contains));
    }

    /** Waits until a load balancer has passed answers of all six API servers. */
    void awaitAnswersOfAll() {
        String balancer = awaitActive(Set.of()).getOrDefault("lb@1.service", "");
        Set<String> answered = new TreeSet<>();
        Awaitility.await("answers of all six instances")
                .atMost(PATIENCE)
                .until(() -> {
                    ask(balancer).filter(text -> text.startsWith("api@")).forEach(answered::add);
                    return answered.size() == 6;
                });
    }

    /** Waits until fleet knows so many machines. */
    void awaitMachines(int count) {
        Awaitility.await(count + " machines")
                .atMost(PATIENCE)
                .pollInterval(LOOK_AGAIN)
                .until(() -> machines().size() == count);
    }

    /** Their addresses, as fleet lists them. */
    Set<String> machines() {
        Set<String> addresses = new TreeSet<>();
        flotilla.run("list-machines", "--no-legend", "--fields=ip")
                .text()
                .lines()
                .map(String::strip)
                .forEach(addresses::add);
        return addresses;
    }

    private static Stream<String> ask(String balancer) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://" + balancer + ":8080/"))
                        .timeout(ANSWER_MAX)
                        .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body().lines();
        } catch (IOException notYet) {
            return Stream.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Stream.empty();
        }
    }
}
