package flotilla.conformance.servers;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What of a host listens for TCP, as {@code ss} tells inside, and what strangers are answered. */
public record Listeners(List<Listener> all) {
    /** What tells of them, for root. */
    public static final String COMMAND = "ss -ltnpH";

    /** No answer, or one in words that says no. */
    private static final Set<String> NOTHING = Set.of("000", "400", "401");

    private static final int STRANGERS = 12;

    /**
     * One of them.
     *
     * @param program the name of its process
     */
    private record Listener(String address, int port, String program) {
        static Listener read(String line) {
            String[] words = line.strip().split("\\s+", 6);
            int colon = words[3].lastIndexOf(':');
            return new Listener(
                    words[3].substring(0, colon),
                    Integer.parseInt(words[3].substring(colon + 1)),
                    words.length < 6 ? "" : words[5].replaceAll("^users:\\(\\(\"|\".*$", ""));
        }

        boolean isReachedByOthers() {
            return !address.matches("127\\..*|\\[::1]|\\[::ffff:127\\..*");
        }
    }

    /**
     * @param text what {@link #COMMAND} says
     */
    public static Listeners read(String text) {
        return new Listeners(text.lines().map(Listener::read).toList());
    }

    /** Ports that others can come to. */
    public Set<Integer> reachedByOthers() {
        return ports(Listener::isReachedByOthers);
    }

    /** Ports of ours that are for the host itself; those of container engines are not. */
    public Set<Integer> ownOnLoopback() {
        return ports(one -> !one.isReachedByOthers() && one.program().equals("java"));
    }

    private Set<Integer> ports(Predicate<Listener> which) {
        return all.stream()
                .filter(which)
                .map(Listener::port)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Asks as one who speaks plainly, one without a certificate, and one with a foreign one; for
     * {@link #getNothing}.
     *
     * @param where {@code ADDRESS:PORT}
     */
    public static String strangers(String where) {
        return """
        cd /srv
        [ -e foreign.pem ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 \\
            -nodes -days 1 -keyout foreign.key -out foreign.pem -subj /CN=flotilla-peer 2>/dev/null
        for path in /health /version /v2/keys /fleet/v1/units; do
            for how in http:// '-k https://' '-k --cert foreign.pem --key foreign.key https://'; do
                curl -s -m 10 -o /dev/null -w '%{http_code}\\n' ${how}ADDRESS$path || true
            done
        done
        """
                .replace("ADDRESS", where);
    }

    /** Whether all of {@link #strangers} were turned away. */
    public static boolean getNothing(String said) {
        return said.lines().count() == STRANGERS && said.lines().allMatch(NOTHING::contains);
    }
}
