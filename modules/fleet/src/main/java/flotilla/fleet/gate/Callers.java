package flotilla.fleet.gate;

import flotilla.platform.Clock;
import flotilla.platform.http.Request;
import flotilla.trust.authority.Certified;
import flotilla.trust.authority.Profile.Kind;
import flotilla.trust.authority.Right;
import java.security.cert.X509Certificate;
import java.util.Optional;

/** How it is known who asks at a door. */
@FunctionalInterface
public interface Callers {
    /**
     * @throws RefusedException for who is not known
     */
    Caller of(Request request) throws RefusedException;

    /**
     * Those at a unix socket: its file's mode says who may come, and whoever may is as good as
     * root.
     */
    static Callers local() {
        return request -> {
            String user = request.user().get();
            return new Caller(user.isEmpty() ? "unknown" : user, "user", Right.ADMIN);
        };
    }

    /**
     * Those at a port with TLS that believes the cluster's authority: by their certificates.
     *
     * @param cluster its id
     */
    static Callers certified(String cluster, Clock clock) {
        return request -> {
            // A browser would show its user's certificate for any page that asks.
            if (request.header("origin").isPresent()) {
                throw new RefusedException(403, "no web page is answered here");
            }
            X509Certificate shown =
                    request.certificate()
                            .orElseThrow(() ->
                                    new RefusedException(
                                            401,
                                            "show a certificate of this cluster: flotilla operator create makes one, fleetctl takes it by --cert-file and --key-file"));
            Certified who =
                    Certified.of(shown)
                            .filter(known -> known.cluster().equals(cluster))
                            .orElseThrow(() ->
                                    new RefusedException(
                                            403, "that certificate names nobody of this cluster"));
            if (who.endMillis() < clock.now().toEpochMilli()) {
                throw new RefusedException(401, "that certificate has ended");
            }
            return of(who);
        };
    }

    private static Caller of(Certified who) throws RefusedException {
        Optional<Right> right = who.right();
        if (right.isPresent()) {
            return new Caller(who.subject(), "operator", right.get());
        }
        if (who.is(Kind.MACHINE)) {
            return new Caller(who.subject(), "machine", Right.MACHINE);
        }
        throw new RefusedException(
                403,
                "that certificate is for members of the store to each other, and not for here");
    }
}
