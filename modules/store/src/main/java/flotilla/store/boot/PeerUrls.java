package flotilla.store.boot;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether two lists of peer URLs lead to the same places: in any order, hosts in any case, and
 * where the words differ by what the names resolve to, as etcd compares them ({@code
 * netutil.URLStringsEqual}). Ids are made of the words all the same: all members must be given the
 * same.
 */
final class PeerUrls {
    private static final Logger LOG = LoggerFactory.getLogger(PeerUrls.class);

    private final Names names;

    /** Tells where hosts are. */
    @FunctionalInterface
    interface Names {
        /** The system's resolver, which may block for some seconds. */
        Names OF_THIS_HOST = PeerUrls::resolve;

        /** None where nobody knows the name. */
        Set<InetAddress> addresses(String host);
    }

    PeerUrls(Names names) {
        this.names = names;
    }

    boolean same(Collection<String> some, Collection<String> others) {
        List<String> left = new ArrayList<>(others);
        for (String url : some) {
            Optional<String> match = left.stream().filter(other -> same(url, other)).findFirst();
            if (match.isEmpty()) {
                return false;
            }
            left.remove(match.get());
        }
        return left.isEmpty();
    }

    private boolean same(String url, String other) {
        if (url.equals(other)) {
            return true;
        }
        URI one = URI.create(url);
        URI two = URI.create(other);
        return one.getPort() == two.getPort()
                && String.valueOf(one.getScheme()).equalsIgnoreCase(two.getScheme())
                && sameHost(one.getHost(), two.getHost());
    }

    private boolean sameHost(@Nullable String one, @Nullable String two) {
        if (one == null || two == null) {
            return false;
        }
        if (one.equalsIgnoreCase(two)) {
            return true;
        }
        Set<InetAddress> both = new HashSet<>(names.addresses(one));
        both.retainAll(names.addresses(two));
        return !both.isEmpty();
    }

    private static Set<InetAddress> resolve(String host) {
        try {
            return Set.copyOf(Arrays.asList(InetAddress.getAllByName(host)));
        } catch (UnknownHostException e) {
            LOG.warn("the host {} of a peer URL is not known here: {}", host, e.getMessage());
            return Set.of();
        }
    }
}
