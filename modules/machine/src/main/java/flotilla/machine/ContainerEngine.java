package flotilla.machine;

import flotilla.platform.http.RequestBody;
import java.io.IOException;

/**
 * This host's container engine, as far as images go: units talk to it by its own commands. An image
 * is known by the digest of its configuration, {@code sha256:} and 64 hexadecimal digits, which
 * stays the same from engine to engine. Calls block; safe from any thread. An {@link IOException}
 * also says that there is no engine, and what to do.
 */
public interface ContainerEngine {
    boolean has(String id) throws IOException;

    /**
     * Gives an image to the engine. One that breaks off leaves nothing under its name.
     *
     * @param archive as {@code docker save} writes it
     */
    void load(RequestBody archive) throws IOException;

    /**
     * Has an image of the engine's go by a name, which may have been another one's before.
     *
     * @param name {@code REPOSITORY:TAG}
     */
    void name(String id, String name) throws IOException;
}
