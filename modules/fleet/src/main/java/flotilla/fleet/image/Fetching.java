package flotilla.fleet.image;

import flotilla.fleet.job.Blob;
import flotilla.fleet.job.Image;
import flotilla.fleet.job.Machine;
import flotilla.platform.http.HttpCaller;
import flotilla.platform.http.Peers;
import flotilla.platform.http.ReplyStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Gets what this machine lacks of an image from others that have it: each blob from where it broke
 * off, from the first machine that gives it whole. Blocks; what came stays for the next attempt.
 */
final class Fetching {
    /** Steps in which progress is told. */
    private static final int STEPS = 20;

    /** Whoever gives a large blob says nothing while it looks for damage in it. */
    private static final Duration SILENCE = Duration.ofMinutes(5);

    private final Blobs blobs;
    private final Peers peers;
    private final Image image;
    private final Progress progress;
    private long toldBytes = -1;

    Fetching(Blobs blobs, Peers peers, Image image, Progress progress) {
        this.blobs = blobs;
        this.peers = peers;
        this.image = image;
        this.progress = progress;
    }

    /**
     * @param holders whom to ask, in this order
     * @throws IOException when nobody gives a blob: why not, of each
     */
    void from(List<Machine> holders) throws IOException {
        for (Blob blob : image.blobs()) {
            if (!blobs.has(blob)) {
                get(blob, holders);
            }
        }
    }

    private void get(Blob blob, List<Machine> holders) throws IOException {
        StringBuilder why = new StringBuilder();
        for (Machine holder : holders) {
            String problem = attempt(blob, holder);
            if (problem.isEmpty()) {
                return;
            }
            why.append(why.isEmpty() ? "" : "; ").append(holder.label()).append(": ");
            why.append(problem);
        }
        throw new IOException(
                "image %s: %s"
                        .formatted(
                                image.name(),
                                holders.isEmpty()
                                        ? "no machine that is there has it"
                                        : "blob %s can't be had: %s".formatted(blob.label(), why)));
    }

    /** Why it failed; empty when the blob is here. */
    private String attempt(Blob blob, Machine holder) throws IOException {
        long have = blobs.have(blob);
        String path =
                "/flotilla/v1/blobs/%s?bytes=%d&offset=%d"
                        .formatted(blob.digest(), blob.bytes(), have);
        try (HttpCaller caller = peers.at(holder.publicIp()).timeout(SILENCE);
                ReplyStream reply = caller.open("GET", path, Map.of(), new byte[0])) {
            if (reply.status() != 200) {
                return "HTTP %d %s".formatted(reply.status(), reply.readLine().orElse("").strip());
            }
            tell(have, holder);
            if (blob.bytes() == 0) {
                var _ = blobs.append(blob, 0, new byte[0]);
            }
            for (Optional<byte[]> chunk = reply.read(); chunk.isPresent(); chunk = reply.read()) {
                have = blobs.append(blob, have, chunk.get());
                tell(have, holder);
            }
            return blobs.has(blob)
                    ? ""
                    : "it broke off after %d of %d bytes".formatted(have, blob.bytes());
        } catch (BadBlobException e) {
            return String.valueOf(e.getMessage());
        } catch (InterruptedIOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            return String.valueOf(e.getMessage());
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private void tell(long ofThisBlob, Machine holder) {
        long here =
                image.blobs().stream().filter(blobs::has).mapToLong(Blob::bytes).sum() + ofThisBlob;
        long all = image.bytes();
        if (toldBytes < 0 || here - toldBytes > all / STEPS) {
            toldBytes = here;
            progress.at(
                    "image %s is not here yet: %s of %s from %s"
                            .formatted(
                                    image.name(),
                                    megabytes(Math.min(here, all), false),
                                    megabytes(all, true),
                                    holder.label()));
        }
    }

    private static String megabytes(long bytes, boolean unit) {
        String number =
                bytes < 10_000_000
                        ? String.format(Locale.ROOT, "%.1f", bytes / 1e6)
                        : String.valueOf(bytes / 1_000_000);
        return unit ? number + " MB" : number;
    }
}
