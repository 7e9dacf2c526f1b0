package flotilla.machine.docker;

import flotilla.machine.ContainerEngine;
import flotilla.platform.http.HttpCaller;
import flotilla.platform.http.Reply;
import flotilla.platform.http.ReplyStream;
import flotilla.platform.http.RequestBody;
import flotilla.platform.json.Json;
import flotilla.platform.json.Json.JsonException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Docker by its Engine API (the paths of v1.40 and later; none is named, so the daemon's own
 * version answers), which podman's socket speaks too.
 */
public final class DockerEngine implements ContainerEngine {
    /** Where Docker listens on a real host. */
    public static final Path SOCKET = Path.of("/run/docker.sock");

    /** Unpacking the layers of a large image says nothing meanwhile. */
    private static final Duration LOAD_SILENCE = Duration.ofMinutes(10);

    private final Path socket;

    public DockerEngine(Path socket) {
        this.socket = socket;
    }

    private HttpCaller caller() throws IOException {
        if (!Files.exists(socket)) {
            throw new IOException(
                    "this machine has no container engine: nothing listens at %s; install Docker, or start docker.socket"
                            .formatted(socket));
        }
        return HttpCaller.to(java.net.URI.create("unix://" + socket.toAbsolutePath()));
    }

    @Override
    public boolean has(String id) throws IOException {
        try (HttpCaller caller = caller()) {
            Reply reply = caller.get("/images/" + quoted(id) + "/json");
            if (reply.status() == 404) {
                return false;
            }
            require(reply.ok(), "looking for an image", reply.status(), reply.text());
            return true;
        }
    }

    @Override
    public void load(RequestBody archive) throws IOException {
        try (HttpCaller caller = caller().timeout(LOAD_SILENCE);
                ReplyStream reply =
                        caller.open(
                                "POST",
                                "/images/load?quiet=1",
                                Map.of("Content-Type", "application/x-tar"),
                                archive)) {
            // 200 is sent before the first layer is unpacked: what goes wrong comes as a line.
            for (Optional<String> line = reply.readLine();
                    line.isPresent();
                    line = reply.readLine()) {
                require(
                        reply.status() == 200 && error(line.get()).isEmpty(),
                        "loading an image",
                        reply.status(),
                        error(line.get()).orElse(line.get()));
            }
            require(reply.status() == 200, "loading an image", reply.status(), "");
        }
    }

    private static Optional<String> error(String line) {
        try {
            Object error = line.isBlank() ? null : Json.readObject(line).get("error");
            return Optional.ofNullable(error).map(String::valueOf);
        } catch (JsonException e) {
            return Optional.empty();
        }
    }

    @Override
    public void name(String id, String name) throws IOException {
        int colon = name.lastIndexOf(':');
        String query =
                "?repo=%s&tag=%s"
                        .formatted(
                                quoted(name.substring(0, colon)),
                                quoted(name.substring(colon + 1)));
        try (HttpCaller caller = caller()) {
            Reply reply =
                    caller.call(
                            "POST",
                            "/images/" + quoted(id) + "/tag" + query,
                            Map.of(),
                            new byte[0]);
            require(reply.ok(), "naming an image " + name, reply.status(), reply.text());
        }
    }

    private static void require(boolean well, String what, int status, String words)
            throws IOException {
        if (!well) {
            throw new IOException(
                    "the container engine refuses %s: %s (HTTP %d)"
                            .formatted(what, message(words.strip()), status));
        }
    }

    private static String message(String words) {
        try {
            Object message = Json.readObject(words).get("message");
            return message == null ? words : String.valueOf(message);
        } catch (JsonException e) {
            return words;
        }
    }

    private static String quoted(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
