package flotilla.store.wire;

import com.google.protobuf.ByteString;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.boot.EtcdConfig;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Refuses writes of {@link GuardedKeys} to whoever does not show the cluster's token; where there
 * is none, to whoever comes otherwise than over TLS, where all have shown a certificate.
 */
final class PrefixGuard implements ServerInterceptor {
    /** Where clients show the token; flotilla.client.ClusterToken sends it. */
    static final Metadata.Key<String> TOKEN =
            Metadata.Key.of("flotilla-cluster-token", Metadata.ASCII_STRING_MARSHALLER);

    private final List<GuardedKeys> keys;
    private final Optional<byte[]> token;

    private PrefixGuard(List<GuardedKeys> keys, Optional<byte[]> token) {
        this.keys = keys;
        this.token = token;
    }

    /**
     * @param leaseHolds whether a key that begins so ends with a lease
     * @throws IOException naming a token file that can't be read or holds none
     */
    static PrefixGuard of(EtcdConfig.Guard guard, LeaseHolds leaseHolds) throws IOException {
        Optional<byte[]> token =
                guard.tokenFile().isPresent()
                        ? Optional.of(token(guard, guard.tokenFile().get()))
                        : Optional.empty();
        return new PrefixGuard(
                guard.prefixes().stream()
                        .map(ByteString::copyFromUtf8)
                        .map(prefix ->
                                new GuardedKeys(prefix, lease -> leaseHolds.test(lease, prefix)))
                        .toList(),
                token);
    }

    private static byte[] token(EtcdConfig.Guard guard, Path file) throws IOException {
        String token;
        try {
            token = Files.readString(file).strip();
        } catch (IOException e) {
            throw new IOException(
                    "can't read the token that guards %s in %s: put it back from a copy"
                            .formatted(String.join(", ", guard.prefixes()), file),
                    e);
        }
        if (token.isEmpty()) {
            throw new IOException(file + " is empty: put the token in it that guards its keys");
        }
        return token.getBytes(StandardCharsets.UTF_8);
    }

    /** Asks the state. */
    interface LeaseHolds {
        boolean test(long lease, ByteString prefix);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        ServerCall.Listener<Q> served = next.startCall(call, headers);
        boolean proven =
                token.isPresent()
                        ? isToken(token.get(), headers.get(TOKEN))
                        : call.getAttributes().get(ProtocolSniffer.SECURE) != null;
        return proven ? served : new Unproven<>(call, served);
    }

    private static boolean isToken(byte[] token, @Nullable String shown) {
        return shown != null
                && MessageDigest.isEqual(token, shown.getBytes(StandardCharsets.UTF_8));
    }

    /** A call of who has shown nothing: goes on until it touches what is guarded. */
    private final class Unproven<Q> extends SimpleForwardingServerCallListener<Q> {
        private final ServerCall<Q, ?> call;
        private boolean refused;

        Unproven(ServerCall<Q, ?> call, ServerCall.Listener<Q> served) {
            super(served);
            this.call = call;
        }

        @Override
        public void onMessage(Q message) {
            if (!refused && keys.stream().anyMatch(guarded -> guarded.touches(message))) {
                refused = true;
                call.close(Reply.status(EtcdError.PERMISSION_DENIED), new Metadata());
            }
            if (!refused) {
                super.onMessage(message);
            }
        }

        @Override
        public void onHalfClose() {
            if (!refused) {
                super.onHalfClose();
            }
        }
    }
}
