package flotilla.fleet.api;

import flotilla.fleet.image.ImageArchive;
import flotilla.fleet.image.Progress;
import flotilla.fleet.job.Blob;
import flotilla.fleet.job.Image;
import flotilla.platform.http.HttpCaller;
import flotilla.platform.http.Reply;
import flotilla.platform.http.ReplyStream;
import flotilla.platform.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The other end of the API's images. Calls block; a refusal is a {@link FleetException} with its
 * words, no answer an {@link IOException}.
 *
 * @param caller whom to ask; closing it is its owner's matter
 */
public record ImageClient(HttpCaller caller) {
    private static final String IMAGES = "/flotilla/v1/images";

    /** Sent at once: well below what a request's body may have, in bytes. */
    private static final int PIECE_BYTES = 1 << 20;

    /** Machines that fetch say nothing while they look for damage. */
    private static final Duration SILENCE = Duration.ofMinutes(5);

    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    public List<ImageBody> list() throws IOException {
        List<JsonObject> all = JsonObject.read(ok(caller.get(IMAGES))).objects("images");
        return Objects.requireNonNullElse(all, List.<JsonObject>of()).stream()
                .map(ImageBody::read)
                .toList();
    }

    public void remove(String name) throws IOException {
        var _ = ok(caller.delete(IMAGES + "?name=" + FleetClient.quoted(name)));
    }

    /** Returns when enough machines have it. One that is broken off goes on where it was. */
    public void push(ImageArchive archive, Progress progress) throws IOException {
        Image image = archive.image();
        long all = image.bytes();
        long before = 0;
        for (Blob blob : image.blobs()) {
            long have = put(blob, 0, new byte[0]);
            while (have < blob.bytes()) {
                have = put(blob, have, archive.read(blob, have, PIECE_BYTES));
                progress.at("%d of %d MB".formatted((before + have) >> 20, all >> 20));
            }
            before += blob.bytes();
        }
        follow(IMAGES, ImageBody.of(image), progress);
    }

    private long put(Blob blob, long offset, byte[] bytes) throws IOException {
        String path =
                "/flotilla/v1/blobs/%s?bytes=%d&offset=%d"
                        .formatted(blob.digest(), blob.bytes(), offset);
        return JsonObject.read(ok(caller.call("PUT", path, Map.of(), bytes))).number("have");
    }

    /** Has a machine get an image from the one that the body names. */
    void copy(ImageBody image, Progress progress) throws IOException {
        follow(IMAGES + "/copy", image, progress);
    }

    private void follow(String path, ImageBody image, Progress progress) throws IOException {
        byte[] body = image.json().getBytes(StandardCharsets.UTF_8);
        try (ReplyStream reply = caller.timeout(SILENCE).open("POST", path, JSON, body)) {
            for (Optional<String> line = reply.readLine();
                    line.isPresent();
                    line = reply.readLine()) {
                if (reply.status() != 200) {
                    throw FleetException.answered(reply.status(), line.get());
                }
                JsonObject news = JsonObject.read(line.get());
                String error = news.text("error");
                if (error != null) {
                    throw new FleetException(503, error);
                }
                if (news.flag("done")) {
                    return;
                }
                progress.at(Objects.requireNonNullElse(news.text("words"), ""));
            }
        }
        throw new IOException("it broke off, and may or may not have happened: do it again");
    }

    private static String ok(Reply reply) {
        if (!reply.ok()) {
            throw FleetException.answered(reply.status(), reply.text());
        }
        return reply.text();
    }
}
