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
    private final Surroundings surroundings;
    private int failures;

    /** Waits between tries. */
    @FunctionalInterface
    interface Pause {
        void sleep(Duration duration) throws InterruptedException;
    }

    /**
     * What joining needs of the one who joins.
     *
     * @param progress told in one line each what it is waiting for; must be quick
     */
    record Surroundings(Attempt attempt, Consumer<String> progress, Pause pause) {}

    /** A step that may fail for a while. */
    @FunctionalInterface
    private interface Step<T> {
        T run() throws IOException, DiscoveryException;
    }

    private Bootstrap(TokenClient client, Self self, Surroundings surroundings) {
        this.client = client;
        this.self = self;
        this.surroundings = surroundings;
    }

    /**
     * Registers and blocks until all members have; network errors are tried again for ever, after
     * 1, 2, 4 ... 256 s. Every member gets the same list, in the order of registration.
     *
     * @param discoveryUrl {@code http://host:port/TOKEN}
     * @param attempt remembers that this member has tried, so that it goes on after a crash
     * @param progress told in one line each what it is waiting for; must be quick
     * @throws InterruptedException when interrupted; the registration stays
     */
    public static List<Registered> join(
            URI discoveryUrl, Self self, Attempt attempt, Consumer<String> progress)
            throws DiscoveryException, InterruptedException {
        return join(discoveryUrl, self, new Surroundings(attempt, progress, Thread::sleep));
    }

    static List<Registered> join(URI discoveryUrl, Self self, Surroundings surroundings)
            throws DiscoveryException, InterruptedException {
        try (HttpCaller caller = HttpCaller.to(TokenClient.checked(discoveryUrl))) {
            TokenClient client = new TokenClient(discoveryUrl, caller);
            return new Bootstrap(client, self, surroundings).join();
        }
    }

    private List<Registered> join() throws DiscoveryException, InterruptedException {
        int size = retrying(client::size);
        Listing before = retrying(client::list);
        requireRoom(before, size);
        register(before);
        Listing listing = retrying(client::list);
        requirePlace(listing, size);
        while (listing.members().size() < size) {
            int missing = size - listing.members().size();
            surroundings
                    .progress()
                    .accept(
                            "found self %s in the cluster; %d of %d members registered, waiting for %d more"
                                    .formatted(self.id(), listing.members().size(), size, missing));
            listing = next(listing);
        }
        surroundings.progress().accept("found " + size + " needed members");
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
     * Only an id that was there before this member's first PUT is a duplicate: a PUT that broke, or
     * that a crash followed, may have been done, and then the next one finds the id taken by
     * ourselves.
     */
    private void register(Listing before) throws DiscoveryException, InterruptedException {
        Attempt attempt = surroundings.attempt();
        boolean listed = before.position(self.id()) >= 0;
        if (!listed) {
            retrying(() -> {
                attempt.begin();
                return true;
            });
        }
        boolean mayBeDone = listed && retrying(attempt::mayBeDone);
        while (true) {
            try {
                if (client.register(self) || (mayBeDone && client.isRegistered(self))) {
                    return;
                }
                retrying(() -> {
                    attempt.drop();
                    return true;
                });
                throw duplicate();
            } catch (IOException e) {
                mayBeDone = true;
                backOff(e);
            }
        }
    }

    private DiscoveryException duplicate() {
        return new DiscoveryException(
                Kind.DUPLICATE_ID,
                "found duplicate id: member %s has previously registered with discovery service token %s, but its data directory is fresh; make a new token with %s"
                        .formatted(self.id(), client.url(), client.newTokenHint(3)));
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
                surroundings.progress().accept("still waiting: nobody else has come yet");
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
        surroundings
                .progress()
                .accept("%s; trying again in %d s".formatted(e.getMessage(), wait.toSeconds()));
        surroundings.pause().sleep(wait);
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
