package flotilla.fleet.image;

import flotilla.fleet.job.Blob;
import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Machine;
import flotilla.platform.http.HttpCaller;
import flotilla.platform.http.HttpServer;
import flotilla.platform.http.Peers;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Another machine, which gives its blobs to who asks; or breaks off, or gives other bytes. */
final class Holder implements AutoCloseable {
    final Machine machine;
    final Blobs blobs;

    /** From which byte on it was asked, each time. */
    final List<Long> asked = new CopyOnWriteArrayList<>();

    private final HttpServer server;
    private int gives = Integer.MAX_VALUE;
    private boolean lies;

    Holder(String id, Blobs blobs) throws IOException {
        this.blobs = blobs;
        this.server =
                HttpServer.listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), this::answer);
        this.machine =
                new Machine(id, "127.0.0.1:" + server.port(), id, Map.of(), Capacity.UNKNOWN, "1");
    }

    /** How a machine speaks to such. */
    static Peers peers() {
        return address -> HttpCaller.to(URI.create("http://" + address));
    }

    /** It hangs up after so many bytes of a blob. */
    Holder breaksOffAfter(int bytes) {
        gives = bytes;
        return this;
    }

    Holder lies() {
        lies = true;
        return this;
    }

    private Response answer(Request request) throws IOException {
        long offset = Long.parseLong(request.parameter("offset").orElseThrow());
        asked.add(offset);
        String digest = request.path().replaceFirst(".*/", "");
        Blob blob = new Blob(digest, Long.parseLong(request.parameter("bytes").orElseThrow()));
        if (!blobs.has(blob)) {
            return Response.text(404, "no blob");
        }
        byte[] bytes;
        try (var in = blobs.open(blob, offset)) {
            bytes = in.readAllBytes();
        }
        if (lies) {
            bytes[0]++;
        }
        return new Response.Streamed(
                200,
                Map.of(),
                sink -> {
                    sink.write(Arrays.copyOf(bytes, Math.min(gives, bytes.length)));
                    if (gives < bytes.length) {
                        throw new IOException("its power is gone");
                    }
                });
    }

    @Override
    public void close() {
        server.close();
    }
}
