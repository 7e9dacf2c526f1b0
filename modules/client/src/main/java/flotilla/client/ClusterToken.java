package flotilla.client;

import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a store that guards keys is shown to let a program write them. Sent as metadata, which other
 * stores ignore.
 */
public record ClusterToken(String secret) {
    private static final Metadata.Key<String> KEY =
            Metadata.Key.of("flotilla-cluster-token", Metadata.ASCII_STRING_MARSHALLER);

    /**
     * @throws IOException naming the file
     */
    public static ClusterToken read(Path file) throws IOException {
        try {
            return new ClusterToken(Files.readString(file).strip());
        } catch (CharacterCodingException e) {
            throw new IOException(
                    "the cluster's token in " + file + " is damaged: put it back from a copy", e);
        } catch (IOException e) {
            throw new IOException("can't read the cluster's token in " + file + ": " + e, e);
        }
    }

    ClientInterceptor interceptor() {
        Metadata metadata = new Metadata();
        metadata.put(KEY, secret);
        return MetadataUtils.newAttachHeadersInterceptor(metadata);
    }

    /** Without the secret: it is for no log. */
    @Override
    public String toString() {
        return "ClusterToken";
    }
}
