package flotilla.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What is asked of a cluster. Keys have 8 bytes, values 256, as in etcd's own published figures;
 * both are random, so that nothing compresses and no key follows the one before.
 */
enum Workload {
    PUT_1(Kind.PUT, 1, 1),
    PUT_64(Kind.PUT, 64, 64),
    PUT_1000(Kind.PUT, 1_000, 100),
    GET_1(Kind.GET, 1, 1),
    GET_64(Kind.GET, 64, 64),
    GET_1000(Kind.GET, 1_000, 100);

    enum Kind {
        PUT,
        /** Linearizable, of one existing key. */
        GET
    }

    private final Kind kind;
    private final int clients;
    private final int connections;

    Workload(Kind kind, int clients, int connections) {
        this.kind = kind;
        this.clients = clients;
        this.connections = connections;
    }

    Kind kind() {
        return kind;
    }

    /** Requests under way at any time: each client sends its next when the last was answered. */
    int clients() {
        return clients;
    }

    /** Connections that the clients share. */
    int connections() {
        return connections;
    }

    /** One connection goes to the leader; many are spread over all members. */
    boolean leaderOnly() {
        return connections == 1;
    }

    String title() {
        return (kind == Kind.PUT ? "put" : "linearizable get")
                + ", "
                + String.format(Locale.ROOT, "%,d", clients)
                + (clients == 1 ? " client" : " clients");
    }

    static List<Workload> parse(String names) {
        return Arrays.stream(names.split(","))
                .map(name -> valueOf(name.strip().toUpperCase(Locale.ROOT)))
                .toList();
    }
}
