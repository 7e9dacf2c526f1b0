package flotilla.platform.tls;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** The name service, as far as it says which host an address is. Both may block. */
interface Names {
    /** Names that lead back from an address; empty when there are none. */
    Set<String> of(InetAddress address);

    /** Addresses of a name; empty when there are none. */
    Set<InetAddress> addresses(String name);

    /** That of this host: its files and DNS. */
    static Names system() {
        return new Names() {
            @Override
            public Set<String> of(InetAddress address) {
                // Asked anew: an address that was made from a literal has no name yet.
                String name = address.getCanonicalHostName();
                return name.equals(address.getHostAddress()) ? Set.of() : Set.of(name);
            }

            @Override
            public Set<InetAddress> addresses(String name) {
                try {
                    return Arrays.stream(InetAddress.getAllByName(name))
                            .collect(Collectors.toUnmodifiableSet());
                } catch (UnknownHostException e) {
                    return Set.of();
                }
            }
        };
    }
}
