import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A small load balancer on port 8080. It passes each request to one of the API instances announced
 * in the store, in turn, and to the next one where an instance does not answer. Needs nothing but a
 * JDK: {@code java LoadBalancer.java}.
 */
final class LoadBalancer {
    private static final int PORT = 8080;
    private static final Duration REFRESH = Duration.ofMillis(500);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofMillis(300)).build();
    private final String address = environment("COREOS_PRIVATE_IPV4", "127.0.0.1");
    private final String store = environment("ETCD_JSON", "http://" + address + ":2379");
    private final AtomicInteger turn = new AtomicInteger();
    private volatile List<String> backends = List.of();

    public static void main(String[] arguments) throws Exception {
        new LoadBalancer().run();
    }

    private void run() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(address, PORT), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::pass);
        server.start();
        System.out.println("lb listens on " + address + ":" + PORT);
        while (true) {
            refresh();
            Thread.sleep(REFRESH.toMillis());
        }
    }

    /** What is known stays in use while the store does not answer. */
    private void refresh() throws InterruptedException {
        try {
            List<String> found = announced();
            if (!found.equals(backends)) {
                backends = found;
                System.out.println("instances: " + found);
            }
        } catch (IOException e) {
            System.out.println("the store does not answer, keep to " + backends + ": " + e.getMessage());
        }
    }

    private List<String> announced() throws IOException, InterruptedException {
        String range =
                "{\"key\":\"%s\",\"range_end\":\"%s\",\"serializable\":true}"
                        .formatted(base64("/services/api/"), base64("/services/api0"));
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(store + "/v3/kv/range"))
                        .timeout(Duration.ofSeconds(2))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(range))
                        .build();
        String answer = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        List<String> found = new ArrayList<>();
        Matcher value = Pattern.compile("\"value\"\\s*:\\s*\"([^\"]+)\"").matcher(answer);
        while (value.find()) {
            found.add(new String(Base64.getDecoder().decode(value.group(1)), StandardCharsets.UTF_8));
        }
        return found;
    }

    private void pass(HttpExchange exchange) throws IOException {
        List<String> known = backends;
        for (int attempt = 0; attempt < known.size(); attempt++) {
            String backend = known.get(Math.floorMod(turn.getAndIncrement(), known.size()));
            try {
                HttpRequest request =
                        HttpRequest.newBuilder(
                                        URI.create("http://" + backend + exchange.getRequestURI()))
                                .timeout(Duration.ofSeconds(2))
                                .build();
                HttpResponse<byte[]> response =
                        http.send(request, HttpResponse.BodyHandlers.ofByteArray());
                answer(exchange, response.statusCode(), response.body());
                return;
            } catch (IOException e) {
                System.out.println(backend + " does not answer, try the next: " + e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        answer(exchange, 503, "no instance of the api answers\n".getBytes(StandardCharsets.UTF_8));
    }

    private static void answer(HttpExchange exchange, int status, byte[] bytes) throws IOException {
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(bytes);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String environment(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }
}
