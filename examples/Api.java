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
import java.util.Base64;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One instance of a small web API. It answers every request with its own name, and announces where
 * it listens in the store under {@code /services/api/INSTANCE}, on a lease: when it dies, so does its
 * announcement. Needs nothing but a JDK: {@code java Api.java INSTANCE}.
 */
final class Api {
    private static final int PORT_BASE = 9000;
    private static final int LEASE_TTL_SECONDS = 5;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private final String address = environment("COREOS_PRIVATE_IPV4", "127.0.0.1");
    private final String store =
            environment("ETCD_JSON", "http://" + address + ":2379");
    private final String instance;

    private Api(String instance) {
        this.instance = instance;
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 1) {
            System.err.println("usage: java Api.java INSTANCE (a number)");
            System.exit(2);
        }
        new Api(arguments[0]).run();
    }

    private void run() throws Exception {
        int port = PORT_BASE + Integer.parseInt(instance);
        HttpServer server = HttpServer.create(new InetSocketAddress(address, port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        byte[] answer =
                ("api@" + instance + " on " + address + "\n").getBytes(StandardCharsets.UTF_8);
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, answer.length);
                    try (OutputStream body = exchange.getResponseBody()) {
                        body.write(answer);
                    }
                });
        server.start();
        System.out.println("api@" + instance + " listens on " + address + ":" + port);
        announceForEver(address + ":" + port);
    }

    /** Keeps the announcement alive; makes a new one whenever the store no longer knows the lease. */
    private void announceForEver(String endpoint) throws InterruptedException {
        String lease = "";
        while (true) {
            try {
                if (lease.isEmpty()) {
                    lease = announce(endpoint);
                    System.out.println("announced as /services/api/" + instance);
                } else if (!call("lease/keepalive", "{\"ID\":\"" + lease + "\"}").contains("\"TTL\"")) {
                    lease = "";
                    continue;
                }
            } catch (IOException e) {
                System.out.println("the store does not answer, will try again: " + e.getMessage());
            }
            Thread.sleep(Duration.ofSeconds(LEASE_TTL_SECONDS).toMillis() / 3);
        }
    }

    private String announce(String endpoint) throws IOException, InterruptedException {
        String granted = call("lease/grant", "{\"TTL\":\"" + LEASE_TTL_SECONDS + "\"}");
        Matcher id = Pattern.compile("\"ID\"\\s*:\\s*\"(\\d+)\"").matcher(granted);
        if (!id.find()) {
            throw new IOException("no lease in " + granted);
        }
        call(
                "kv/put",
                "{\"key\":\"%s\",\"value\":\"%s\",\"lease\":\"%s\"}"
                        .formatted(base64("/services/api/" + instance), base64(endpoint), id.group(1)));
        return id.group(1);
    }

    private String call(String path, String json) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(store + "/v3/" + path))
                        .timeout(Duration.ofSeconds(3))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build();
        HttpResponse<String> response =
                http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(path + " answered " + response.statusCode() + ": " + response.body());
        }
        return response.body();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String environment(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }
}
