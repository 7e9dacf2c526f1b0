package flotilla.discovery;

import flotilla.discovery.DiscoveryException.Kind;
import flotilla.discovery.TokenClient.Listing;
import flotilla.platform.http.HttpCaller;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Joins a cluster that is being made, by a token, in etcd 2.x's steps: read the size, see whether
 * there is room, register, wait until all are there.
 */
public final class Bootstrap {
    /** The longest pause between two tries: 2^8 s, as etcd's. */
    static final int BACK_OFF_MAX_EXPONENT = 8;

    private final TokenClient client;
    private final Self self;
    private final Consumer<String> progress;
    private final Pause pause;
    private int failures;

    /** Waits between tries. */
    @FunctionalInterface
    interface Pause {
        void sleep(Duration duration) throws InterruptedException;
    }

    /** A step that may fail for a while. */
    @FunctionalInterface
    private interface Step<T> {
        T run() throws IOException, DiscoveryException;
    }

    private Bootstrap(TokenClient client, Self self, Consumer<String> progress, Pause pause) {
        this.client = client;
        this.self = self;
        this.progress = progress;
        this.pause = pause;
    }

    /**
     * Registers and blocks until all members have; network errors are tried again for ever, after
     * 1, 2, 4 ... 256 s. Every member gets the same list, in the order of registration.
     *
     * @param discoveryUrl {@code http://host:port/TOKEN}
     * @param progress told in one line each what it is waiting for; must be quick
     * @throws InterruptedException when interrupted; the registration stays
     */
    public static List<Registered> join(URI discoveryUrl, Self self, Consumer<String> progress)
            throws DiscoveryException, InterruptedException {
        return join(discoveryUrl, self, progress, Thread::sleep);
    }

    static List<Registered> join(
            URI discoveryUrl, Self self, Consumer<String> progress, Pause pause)
            throws DiscoveryException, InterruptedException {
        try (HttpCaller caller = HttpCaller.to(TokenClient.checked(discoveryUrl))) {
            TokenClient client = new TokenClient(discoveryUrl, caller);
            return new Bootstrap(client, self, progress, pause).join();
        }
    }

    private List<Registered> join() throws DiscoveryException, InterruptedException {
        int size = retrying(client::size);
        requireRoom(retrying(client::list), size);
        register();
        Listing listing = retrying(client::list);
        requirePlace(listing, size);
        while (listing.members().size() < size) {
            int missing = size - listing.members().size();
            progress.accept(
                    "found self %s in the cluster; %d of %d members registered, waiting for %d more"
                            .formatted(self.id(), listing.members().size(), size, missing));
            listing = next(listing);
        }
        progress.accept("found " + size + " needed members");
        return checked(listing.members().subList(0, size));
    }

    private void requireRoom(Listing listing, int size) throws DiscoveryException {
        if (listing.position(self.id()) < 0 && listing.members().size() >= size) {
            throw full(size);
        }
    }

    private DiscoveryException full(int size) {
        return new DiscoveryException(
                Kind.FULL,
                "cluster is full: all %d places of %s are taken, by this cluster or by an earlier one that used the same token; make a new token with %s"
                        .formatted(size, client.url(), client.newTokenHint(size)));
    }

    /**
     * A PUT that broke may have been done: then the next one finds the id taken, by ourselves. Only
     * an id that was there before the first PUT is a duplicate.
     */
    private void register() throws DiscoveryException, InterruptedException {
        boolean mayBeDone = false;
        while (true) {
            try {
                if (client.register(self) || (mayBeDone && client.isRegistered(self))) {
                    return;
                }
                throw new DiscoveryException(
                        Kind.DUPLICATE_ID,
                        "found duplicate id: member %s has previously registered with discovery service token %s, but its data directory is fresh; make a new token with %s"
                                .formatted(self.id(), client.url(), client.newTokenHint(3)));
            } catch (IOException e) {
                mayBeDone = true;
                backOff(e);
            }
        }
    }

    private void requirePlace(Listing listing, int size)
            throws DiscoveryException, InterruptedException {
        int position = listing.position(self.id());
        if (position < 0) {
            throw new DiscoveryException(
                    Kind.SIZE_NOT_FOUND,
                    "the registration of %s is gone from %s: somebody deleted it, start again"
                            .formatted(self.id(), client.url()));
        }
        if (position >= size) {
            retrying(() -> {
                client.withdraw(self);
                return true;
            });
            throw full(size);
        }
    }

    private Listing next(Listing seen) throws DiscoveryException, InterruptedException {
        return retrying(() -> {
            try {
                client.awaitChange(seen.index() + 1);
            } catch (SocketTimeoutException quiet) {
                progress.accept("still waiting: nobody else has come yet");
            }
            return client.list();
        });
    }

    private <T> T retrying(Step<T> step) throws DiscoveryException, InterruptedException {
        while (true) {
            try {
                T result = step.run();
                failures = 0;
                return result;
            } catch (IOException e) {
                backOff(e);
            }
        }
    }

    private void backOff(IOException e) throws InterruptedException {
        if (e instanceof InterruptedIOException && Thread.interrupted()) {
            throw new InterruptedException("interrupted while joining by " + client.url());
        }
        Duration wait = Duration.ofSeconds(1L << Math.min(failures, BACK_OFF_MAX_EXPONENT));
        failures++;
        progress.accept("%s; trying again in %d s".formatted(e.getMessage(), wait.toSeconds()));
        pause.sleep(wait);
    }

    private List<Registered> checked(List<TokenClient.Node> nodes) throws DiscoveryException {
        Set<String> names = new HashSet<>();
        List<Registered> members = new ArrayList<>();
        for (TokenClient.Node node : nodes) {
            Registered member = TokenClient.registered(node);
            if (!names.add(member.name())) {
                throw new DiscoveryException(
                        Kind.DUPLICATE_NAME,
                        "found duplicate name \"%s\" under %s: give every member a name of its own and make a new token with %s"
                                .formatted(
                                        member.name(),
                                        client.url(),
                                        client.newTokenHint(nodes.size())));
            }
            members.add(member);
        }
        return List.copyOf(members);
    }
}
