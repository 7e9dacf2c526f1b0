package flotilla.fleet.api;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.image.BadArchiveException;
import flotilla.fleet.image.BadBlobException;
import flotilla.fleet.image.Holders;
import flotilla.fleet.image.Images;
import flotilla.fleet.job.Blob;
import flotilla.fleet.job.Image;
import flotilla.fleet.job.ImageName;
import flotilla.fleet.job.Machine;
import flotilla.fleet.registry.Registry;
import flotilla.platform.disk.DamagedFile;
import flotilla.platform.http.HttpCaller;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import flotilla.platform.json.Json;
import flotilla.platform.json.JsonObject;
import flotilla.trust.authority.Certified;
import flotilla.trust.authority.Profile.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /flotilla/v1/images} and {@code /flotilla/v1/blobs}. A push is three steps: blobs, in
 * pieces; then the image that they make, which counts only when enough machines have all of it;
 * what breaks off before leaves blobs of nobody's, which go after a while.
 */
final class ImageRoutes {
    private static final Logger log = LoggerFactory.getLogger(ImageRoutes.class);

    /** Sent at once, in bytes. */
    private static final int CHUNK_BYTES = 128 * 1024;

    private final Registry registry;
    private final Images images;
    private final String machineId;

    ImageRoutes(Registry registry, Images images, String machineId) {
        this.registry = registry;
        this.images = images;
        this.machineId = machineId;
    }

    private record Listing(List<ImageBody> images) {}

    Response list() {
        Holders holders = Holders.read(registry);
        List<ImageBody> all =
                images.all().stream()
                        .map(image ->
                                ImageBody.of(image)
                                        .on(holders.of(image).stream().map(Machine::id).toList()))
                        .toList();
        return Response.json(200, Json.write(new Listing(all)));
    }

    /** Bytes of a blob; without any it tells how many are here. */
    Response putBlob(String digest, Request request) throws ApiException {
        requirePeers();
        Blob blob = blob(digest, request);
        try {
            long have = images.blobs().append(blob, number(request, "offset"), request.body());
            return Response.json(200, Json.write(Map.of("have", have)));
        } catch (BadBlobException e) {
            throw new ApiException(400, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            log.error("blob {} can't be kept: {}", blob.label(), e.getMessage());
            throw new ApiException(507, String.valueOf(e.getMessage()));
        }
    }

    /** To machines alone: an image may hold what not everybody who may look should have. */
    Response getBlob(String digest, Request request) throws ApiException, IOException {
        requireMachine(request);
        Blob blob = blob(digest, request);
        long offset = number(request, "offset");
        try {
            InputStream in = images.blobs().open(blob, offset);
            return new Response.Streamed(
                    200, Map.of("Content-Type", "application/octet-stream"), new Content(in));
        } catch (NoSuchFileException e) {
            throw new ApiException(404, "this machine has no blob " + blob.label());
        } catch (DamagedFile e) {
            log.error("{}", e.getMessage());
            images.changed();
            throw new ApiException(404, String.valueOf(e.getMessage()));
        }
    }

    private record Content(InputStream in) implements Response.StreamBody {
        @Override
        public void writeTo(Response.Sink sink) throws IOException {
            byte[] buffer = new byte[CHUNK_BYTES];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                sink.write(Arrays.copyOf(buffer, count));
            }
        }

        @Override
        public void ended() {
            try {
                in.close();
            } catch (IOException e) {
                log.debug("a blob that was read: {}", e.getMessage());
            }
        }
    }

    /** Makes an image of blobs that are here, once as many machines have it as are to. */
    Response push(Request request) throws ApiException, IOException {
        requirePeers();
        Image image = body(request).image();
        if (!images.isWhole(image)) {
            throw new ApiException(409, "not all blobs of " + image.name() + " are here yet");
        }
        try {
            images.requireFits(image);
        } catch (BadArchiveException e) {
            throw new ApiException(400, String.valueOf(e.getMessage()));
        }
        return ImageNews.of(news -> {
            spread(image, news);
            registry.txn().then(registry.put(new Entry.OfImage(image))).commit();
            images.changed();
        });
    }

    private void spread(Image image, ImageNews news) throws IOException {
        Holders holders = Holders.read(registry);
        List<Machine> others = new ArrayList<>(holders.machines().values());
        others.removeIf(machine -> machine.id().equals(machineId));
        int copies = 1;
        StringBuilder why = new StringBuilder();
        for (Machine other : others) {
            if (copies < holders.wanted()) {
                news.tell("%s gets image %s".formatted(other.label(), image.name()));
                String problem = copy(image, other, news);
                copies += problem.isEmpty() ? 1 : 0;
                why.append(problem.isEmpty() ? "" : "; " + other.label() + ": " + problem);
            }
        }
        if (copies < holders.wanted()) {
            throw new IOException(
                    "only %d of %d machines have image %s, so it is not pushed%s"
                            .formatted(copies, holders.wanted(), image.name(), why));
        }
    }

    /** Why another machine did not get it; empty when it has. */
    private String copy(Image image, Machine other, ImageNews news) {
        try (HttpCaller caller = images.peers().at(other.publicIp())) {
            new ImageClient(caller).copy(ImageBody.of(image).from(machineId), news::mention);
            return "";
        } catch (IOException | FleetException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Another machine wants this one to have an image of its. */
    Response copy(Request request) throws ApiException {
        requireMachine(request);
        ImageBody body = body(request);
        Image image = body.image();
        Machine from =
                registry.get(new Key.OfMachine(String.valueOf(body.from())), Entry.OfMachine.class)
                        .map(Entry.OfMachine::machine)
                        .orElseThrow(() -> new ApiException(404, "that machine is not here"));
        return ImageNews.of(news -> images.fetch(image, Optional.of(from), news::mention));
    }

    Response remove(Request request) throws ApiException {
        String asked = request.parameter("name").orElse("");
        ImageName name =
                ImageName.read(asked)
                        .orElseThrow(() ->
                                new ApiException(400, "\"" + asked + "\" is no name of an image"));
        if (images.find(name.full()).isEmpty()) {
            throw new ApiException(404, "the cluster has no image " + name);
        }
        registry.txn().then(registry.delete(new Key.OfImage(name.full()))).commit();
        return Response.empty(204);
    }

    private void requirePeers() throws ApiException {
        try {
            var _ = images.peers();
        } catch (IOException e) {
            throw new ApiException(409, String.valueOf(e.getMessage()));
        }
    }

    private static void requireMachine(Request request) throws ApiException {
        boolean machine =
                request.certificate()
                        .flatMap(Certified::of)
                        .filter(who -> who.is(Kind.MACHINE))
                        .isPresent();
        if (!machine) {
            throw new ApiException(403, "blobs go from machine to machine, and to nobody else");
        }
    }

    private static ImageBody body(Request request) throws ApiException {
        Api.requireJson(request);
        try {
            ImageBody body = ImageBody.read(JsonObject.read(request.text()));
            var _ = body.image();
            return body;
        } catch (RuntimeException e) {
            throw new ApiException(400, "that is no image: " + e.getMessage());
        }
    }

    private static Blob blob(String digest, Request request) throws ApiException {
        try {
            return new Blob(digest, number(request, "bytes"));
        } catch (IllegalArgumentException e) {
            throw new ApiException(400, String.valueOf(e.getMessage()));
        }
    }

    private static long number(Request request, String name) throws ApiException {
        String text = request.parameter(name).orElse("0");
        try {
            long number = Long.parseLong(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new ApiException(400, name + "=" + text + " is no number");
        }
        throw new ApiException(400, name + "=" + text + " is negative");
    }
}
