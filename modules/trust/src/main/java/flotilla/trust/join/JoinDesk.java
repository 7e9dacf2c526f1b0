package flotilla.trust.join;

import flotilla.client.EtcdClientException;
import flotilla.platform.Clock;
import flotilla.platform.door.RateLimit;
import flotilla.platform.http.Handler;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import flotilla.platform.http.Router;
import flotilla.platform.json.Json;
import flotilla.trust.authority.CertificateRequest;
import flotilla.trust.authority.Certified;
import flotilla.trust.authority.Profile.Kind;
import flotilla.trust.registry.Registry;
import flotilla.trust.registry.Registry.Roll;
import flotilla.trust.registry.Remembered;
import flotilla.trust.registry.UnreadableException;
import flotilla.trust.token.Admission;
import flotilla.trust.token.Applicant;
import flotilla.trust.token.JoinToken;
import flotilla.trust.token.Known;
import flotilla.trust.token.Member;
import flotilla.trust.token.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets machines in, and gives those that are in their next certificates. It wants no certificate of
 * who asks: a token or the machine's own key speaks for it. Answers are 200 with {@link
 * Credentials}, 400 for what can't be read, 403 with the reason for who is refused, 503 when the
 * store can't be asked, or holds what can't be read; then the machine may be in or not, and asks
 * again; 429 for who asks too often, 413 for who says too much.
 */
public final class JoinDesk {
    private static final Logger log = LoggerFactory.getLogger(JoinDesk.class);

    /** Others join too; each time one of us is first. */
    private static final int TRIES = 50;

    /** What one address may ask a second, and at once: a machine asks once in days. */
    private static final int ADDRESS_PER_SECOND = 2;

    private static final int ADDRESS_AT_ONCE = 50;

    /** What all together may: each answer costs the store a transaction, and us a signature. */
    private static final int ALL_PER_SECOND = 20;

    private static final int ALL_AT_ONCE = 200;

    /** Addresses with a bucket of their own. */
    private static final int ADDRESSES_MAX = 1_000;

    /** Ours have 2,000: a token, a request and a certificate. */
    private static final int BODY_MAX_BYTES = 16 * 1024;

    private final RateLimit perAddress =
            new RateLimit(ADDRESS_PER_SECOND, ADDRESS_AT_ONCE, ADDRESSES_MAX);
    private final RateLimit forAll = new RateLimit(ALL_PER_SECOND, ALL_AT_ONCE, 1);

    private final Supplier<Optional<Issuer>> issuers;
    private final Registry registry;
    private final Remembered remembered;
    private final Clock clock;

    /**
     * @param issuers empty as long as this machine has not the authority's key
     * @param remembered by which is renewed while the store can't be asked
     */
    public JoinDesk(
            Supplier<Optional<Issuer>> issuers,
            Registry registry,
            Remembered remembered,
            Clock clock) {
        this.issuers = issuers;
        this.registry = registry;
        this.remembered = remembered;
        this.clock = clock;
    }

    public Handler handler() {
        return new Router()
                .on("POST", "/v1/join", answering(this::join))
                .on("POST", "/v1/renew", answering(this::renew));
    }

    /** What a body asks for; an exception says what is wrong with it. */
    @FunctionalInterface
    private interface Answer {
        Response to(Request request, Issuer issuer) throws IOException;
    }

    private Handler answering(Answer answer) {
        return request -> {
            if (!mayAsk(request.client())) {
                return says(429, "too many ask at once: try again in a minute");
            }
            if (request.body().length > BODY_MAX_BYTES) {
                return says(413, "at most %d bytes".formatted(BODY_MAX_BYTES));
            }
            Optional<Issuer> issuer = issuers.get();
            if (issuer.isEmpty()) {
                return notHere();
            }
            try {
                return answer.to(request, issuer.get());
            } catch (IOException | IllegalArgumentException | Json.JsonException e) {
                return says(400, String.valueOf(e.getMessage()));
            } catch (UnreadableException e) {
                log.error(
                        "a machine at {} can't be answered: {}", request.client(), e.getMessage());
                return says(503, String.valueOf(e.getMessage()));
            } catch (EtcdClientException e) {
                return storeIsAway(request, e);
            }
        };
    }

    private static Response storeIsAway(Request request, EtcdClientException e) {
        log.warn("a machine at {} can't be answered: {}", request.client(), e.getMessage());
        return says(
                503, "the store can't be asked just now (%s): try again".formatted(e.getMessage()));
    }

    /** Both limits count, and who is over its own takes nothing from what is for all. */
    private synchronized boolean mayAsk(String client) {
        long now = clock.nanos();
        return perAddress.tryTake(client, now) && forAll.tryTake("", now);
    }

    /** What a machine answers that doesn't sign. */
    public static Response notHere() {
        return says(
                503,
                "this machine has not the authority's key: ask one that signs (flotilla machine certificates)");
    }

    private static Response says(int status, String words) {
        return Response.json(status, Json.write(Map.of("error", words)));
    }

    private Response join(Request request, Issuer issuer) throws IOException {
        JoinBody body = Json.read(request.text(), JoinBody.class);
        JoinToken token = JoinToken.parse(required("token", body.token()));
        CertificateRequest key = CertificateRequest.parse(required("request", body.request()));
        Applicant who =
                new Applicant(
                        required("machineID", body.machineId()),
                        required("name", body.name()),
                        canonical(body.addresses()),
                        key.keyHash());
        return decide(
                request,
                new Certifying(issuer, key),
                roll ->
                        Admission.join(
                                token,
                                who,
                                new Known(roll.grant(token.id()), roll.members()),
                                millis()));
    }

    private Response renew(Request request, Issuer issuer) throws IOException {
        RenewBody body = Json.read(request.text(), RenewBody.class);
        CertificateRequest key = CertificateRequest.parse(required("request", body.request()));
        Certified shown = issuer.authority().recognise(required("certificate", body.certificate()));
        if (!shown.isFor(issuer.cluster(), Kind.MACHINE)
                || !shown.keyHash().equals(key.keyHash())) {
            return says(403, "that certificate is not this machine's");
        }
        Applicant who =
                new Applicant(
                        shown.subject(),
                        required("name", body.name()),
                        canonical(body.addresses()),
                        key.keyHash());
        Certifying what = new Certifying(issuer, key);
        Function<List<Member>, Verdict> rule =
                members ->
                        Admission.renew(
                                who,
                                shown.endMillis(),
                                new Known(Optional.empty(), members),
                                millis());
        try {
            return decide(request, what, roll -> rule.apply(roll.members()));
        } catch (EtcdClientException e) {
            return rule.apply(remembered.members()) instanceof Verdict.Admitted admitted
                    ? certified(request, what, admitted)
                    : storeIsAway(request, e);
        }
    }

    private long millis() {
        return clock.now().toEpochMilli();
    }

    private static String required(String field, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException("the field '" + field + "' is missing");
        }
        return value;
    }

    /** In the one form that the JDK writes: two forms of one address would be two. */
    private static List<String> canonical(@Nullable List<String> addresses) {
        return addresses == null
                ? List.of()
                : addresses.stream().map(JoinDesk::canonical).distinct().toList();
    }

    /** Every machine has a loopback address, and nobody a multicast one. */
    private static String canonical(String text) {
        InetAddress address = InetAddress.ofLiteral(text);
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isMulticastAddress()
                || address.isLinkLocalAddress()) {
            throw new IllegalArgumentException("'%s' is no address of one machine".formatted(text));
        }
        return address.getHostAddress();
    }

    /** Who certifies what. */
    private record Certifying(Issuer issuer, CertificateRequest key) {}

    private Response decide(Request request, Certifying what, Function<Roll, Verdict> rules) {
        for (int i = 0; i < TRIES; i++) {
            Roll roll = registry.read();
            switch (rules.apply(roll)) {
                case Verdict.Refused refused -> {
                    log.warn("refused a machine at {}: {}", request.client(), refused.noted());
                    return says(403, refused.told());
                }
                case Verdict.Admitted admitted -> {
                    if (registry.write(roll, admitted)) {
                        return certified(request, what, admitted);
                    }
                }
            }
        }
        return says(503, "too many machines join at once: try again");
    }

    private static Response certified(Request request, Certifying what, Verdict.Admitted admitted) {
        log.info(
                "certified {} ({}) at {} until {}",
                admitted.member().name(),
                admitted.member().machineId(),
                request.client(),
                Instant.ofEpochMilli(admitted.untilMillis()));
        return Response.json(200, Json.write(what.issuer().issue(admitted.member(), what.key())));
    }
}
