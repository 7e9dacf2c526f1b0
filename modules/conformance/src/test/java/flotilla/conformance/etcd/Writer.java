package flotilla.conformance.etcd;

import com.google.protobuf.ByteString;
import flotilla.conformance.servers.Connection;
import flotilla.protocol.PutRequest;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A client that writes one new key after the other and remembers those that were acknowledged. A
 * write that failed may or may not have happened: its key is never used again and nothing is
 * expected of it.
 */
final class Writer implements Runnable {
    private static final Duration DEADLINE = Duration.ofSeconds(3);

    private final int number;
    private final List<Connection> members;
    private final AtomicBoolean stop;
    private final Map<ByteString, ByteString> acknowledged = new ConcurrentHashMap<>();

    Writer(int number, List<Connection> members, AtomicBoolean stop) {
        this.number = number;
        this.members = members;
        this.stop = stop;
    }

    @Override
    public void run() {
        int member = number;
        for (int i = 0; !stop.get(); i++) {
            ByteString key = ByteString.copyFromUtf8("w" + number + "/" + i);
            ByteString value =
                    ByteString.copyFromUtf8("value of " + number + "/" + i + "/" + member);
            PutRequest put = PutRequest.newBuilder().setKey(key).setValue(value).build();
            Connection connection = members.get(member % members.size());
            try {
                connection.kv(DEADLINE).withWaitForReady().put(put);
                acknowledged.put(key, value);
            } catch (StatusRuntimeException open) {
                connection.channel().resetConnectBackoff();
                member++;
            }
        }
    }

    Map<ByteString, ByteString> acknowledged() {
        return acknowledged;
    }
}
