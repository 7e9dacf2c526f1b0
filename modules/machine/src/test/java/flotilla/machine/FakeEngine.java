package flotilla.machine;

import flotilla.platform.http.RequestBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A container engine in memory, which keeps of an image no more than that it has it. */
public final class FakeEngine implements ContainerEngine {
    private static final int BLOCK = 512;

    private final Set<String> images = new HashSet<>();
    private final Map<String, String> names = new HashMap<>();

    /** What goes by a name. */
    public synchronized Optional<String> named(String name) {
        return Optional.ofNullable(names.get(name));
    }

    @Override
    public synchronized boolean has(String id) {
        return images.contains(id);
    }

    @Override
    public synchronized void load(RequestBody archive) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        archive.writeTo(out);
        byte[] tar = out.toByteArray();
        Set<String> found = new HashSet<>();
        for (int at = 0; at + BLOCK <= tar.length && tar[at] != 0; ) {
            String name = text(tar, at, 100);
            if (name.matches("[0-9a-f]{64}\\.json")) {
                found.add("sha256:" + name.substring(0, 64));
            }
            int bytes = Integer.parseInt(text(tar, at + 124, 12).strip(), 8);
            at += BLOCK + (bytes + BLOCK - 1) / BLOCK * BLOCK;
        }
        if (found.isEmpty()) {
            throw new IOException("the container engine refuses loading an image: there is none");
        }
        images.addAll(found);
    }

    private static String text(byte[] tar, int at, int length) {
        String text = new String(tar, at, length, StandardCharsets.US_ASCII);
        int end = text.indexOf(0);
        return end < 0 ? text : text.substring(0, end);
    }

    @Override
    public synchronized void name(String id, String name) throws IOException {
        if (!images.contains(id)) {
            throw new IOException("the container engine refuses naming an image " + name);
        }
        names.put(name, id);
    }
}
