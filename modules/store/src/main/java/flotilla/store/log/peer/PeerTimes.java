package flotilla.store.log.peer;

import java.time.Duration;

/**
 * How long members wait for each other.
 *
 * @param connect for a TCP connection
 * @param handshake for both sides' first words, TLS before them
 * @param ping how often a connection is tried
 * @param silence after which a connection is dead
 * @param answer for the answer to a question
 * @param snapshot for a sign that a snapshot goes on
 */
public record PeerTimes(
        Duration connect,
        Duration handshake,
        Duration ping,
        Duration silence,
        Duration answer,
        Duration snapshot) {
    /**
     * Silence and ping as etcd's (rafthttp/peer.go: 5 s, a third of it), as is the answer's
     * (http.go); connections and first words take far less than an election even between
     * continents.
     */
    public static final PeerTimes DEFAULT =
            new PeerTimes(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2),
                    Duration.ofMillis(1_667),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(30));
}
