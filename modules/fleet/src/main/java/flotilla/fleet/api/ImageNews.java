package flotilla.fleet.api;

import flotilla.platform.http.Response;
import flotilla.platform.http.Response.Sink;
import flotilla.platform.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a call that takes long says on its way, a JSON object a line, the last one its outcome. */
final class ImageNews {
    private final Sink sink;

    private ImageNews(Sink sink) {
        this.sink = sink;
    }

    /** What is done meanwhile; how it failed is its exception's words. */
    @FunctionalInterface
    interface Work {
        void run(ImageNews news) throws IOException, ApiException;
    }

    static Response of(Work work) {
        return new Response.Streamed(
                200,
                Map.of("Content-Type", "application/x-ndjson"),
                sink -> {
                    ImageNews news = new ImageNews(sink);
                    try {
                        work.run(news);
                        news.line(Map.of("done", true));
                    } catch (IOException | ApiException | RuntimeException e) {
                        news.line(Map.of("error", String.valueOf(e.getMessage())));
                    }
                });
    }

    private void line(Map<String, ?> fields) throws IOException {
        sink.write((Json.write(fields) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Also shows the other end that this one is at work. Throws when nobody listens any more. */
    void tell(String words) throws IOException {
        line(Map.of("words", words));
    }

    /** The same where nobody can stop for it: a client that has gone is noticed at the end. */
    void mention(String words) {
        try {
            tell(words);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("nobody waits for it any more", e);
        }
    }
}
