package flotilla.trust.api;

import flotilla.client.members.StoreMembers;
import flotilla.platform.Clock;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import flotilla.platform.json.Json;
import flotilla.trust.authority.Authority;
import flotilla.trust.authority.CertificateRequest;
import flotilla.trust.authority.Profile;
import flotilla.trust.authority.Right;
import flotilla.trust.registry.Registry;
import flotilla.trust.registry.Registry.Roll;
import flotilla.trust.token.Grant;
import flotilla.trust.token.Grant.Terms;
import flotilla.trust.token.JoinToken;
import flotilla.trust.token.Member;
import flotilla.trust.token.Signing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tokens, machines and operators of a cluster. Calls block for the store; they throw {@link
 * TrustException} with the status to answer, and what {@link Registry} throws.
 */
public final class TrustApi {
    /** Of an operator's certificate, unless asked for otherwise: a working day. */
    public static final Duration OPERATOR_LIFE = Duration.ofHours(8);

    /** One that lies about longer is a password. */
    public static final Duration OPERATOR_LIFE_MAX = Duration.ofDays(7);

    private static final Pattern OPERATOR = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /** Others change the roll too; each time one of us is first. */
    private static final int TRIES = 50;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Site site;
    private final Registry registry;
    private final Clock clock;
    private final StoreDoor door;

    /**
     * What this machine knows of its cluster.
     *
     * @param cluster its id
     * @param authority the authority's certificate, in PEM
     * @param signer the authority itself, while this machine has its key
     * @param endpoint where this machine serves who has no certificate yet, or one; empty: nowhere
     * @param members those of the store
     */
    public record Site(
            String cluster,
            Path authority,
            Supplier<Optional<Authority>> signer,
            Optional<String> endpoint,
            StoreMembers members) {
        @Nullable String where() {
            return endpoint.orElse(null);
        }
    }

    public TrustApi(Site site, Registry registry, Clock clock) {
        this.site = site;
        this.registry = registry;
        this.clock = clock;
        this.door = new StoreDoor(site.cluster(), registry, site.members());
    }

    /** For machines that come to the store. */
    public StoreDoor store() {
        return door;
    }

    private static Response json(Object body) {
        return Response.json(200, Json.write(body));
    }

    private static <T> T read(Request request, Class<T> type) throws TrustException {
        try {
            return Json.read(request.text(), type);
        } catch (Json.JsonException e) {
            throw new TrustException(400, "unable to decode body: " + e.getMessage());
        }
    }

    /** Those that have not ended long ago, without their secrets, which nobody has. */
    public Response tokens() {
        return json(
                Map.of("tokens", registry.read().grants().stream().map(TokenBody::of).toList()));
    }

    /**
     * @param by who has it made, in words
     */
    public Response makeToken(Request request, String by) throws TrustException, IOException {
        Terms terms;
        try {
            terms = read(request, TokenRequest.class).terms();
        } catch (IllegalArgumentException e) {
            throw new TrustException(400, String.valueOf(e.getMessage()));
        }
        byte[] random = new byte[JoinToken.RANDOM_BYTES];
        RANDOM.nextBytes(random);
        JoinToken token =
                JoinToken.of(Authority.publicKey(Files.readString(site.authority())), random);
        Grant grant = Grant.of(token, terms, by, clock.now().toEpochMilli());
        registry.add(grant, terms.life());
        return json(
                TokenBody.of(grant)
                        .with(token, site.signer().get().isPresent() ? site.where() : null));
    }

    public Response revokeToken(String id) throws TrustException {
        if (!registry.revoke(id)) {
            throw new TrustException(
                    404, "there is no join token %s: see flotilla token ls".formatted(id));
        }
        return Response.empty(204);
    }

    /** All that were admitted, those that were put out among them. */
    public Response machines() {
        Roll roll = registry.read();
        return json(
                Map.of(
                        "machines",
                        roll.members().stream()
                                .map(member ->
                                        MemberBody.of(member, roll.signing().contains(member)))
                                .toList()));
    }

    /**
     * Puts a machine out, of the store's members too. Again is no error; 503 when it is put out and
     * the store, for want of a majority say, keeps it.
     *
     * <p>It leaves the store first: a store of two that hears one of them no more could let nobody
     * go.
     *
     * @param nameOrId host name or machine id
     */
    public Response putOut(String nameOrId) throws TrustException {
        Optional<TrustException> kept = leavesStore(known(registry.read(), nameOrId));
        for (int i = 0; i < TRIES; i++) {
            Roll roll = registry.read();
            Member member = known(roll, nameOrId);
            if (member.denied() || registry.putOut(roll, member)) {
                if (kept.isPresent()) {
                    throw new TrustException(
                            503,
                            "%s is put out, and still a member of the store: %s: ask once more"
                                    .formatted(member.name(), kept.get().getMessage()));
                }
                return json(MemberBody.of(member.putOut(), false));
            }
        }
        throw new TrustException(503, "too much changes at once: try again");
    }

    private Optional<TrustException> leavesStore(Member member) {
        try {
            door.remove(member);
            return Optional.empty();
        } catch (TrustException e) {
            return Optional.of(e);
        }
    }

    private static Member known(Roll roll, String nameOrId) throws TrustException {
        return roll.member(nameOrId)
                .orElseThrow(() ->
                        new TrustException(
                                404,
                                "no machine %s was ever admitted: see flotilla machine certificates"
                                        .formatted(nameOrId)));
    }

    /** A certificate for a person: only where the authority's key is. */
    public Response operator(Request request) throws TrustException {
        OperatorRequest body = read(request, OperatorRequest.class);
        Authority signer = signer();
        String name = body.name() == null ? "" : body.name();
        if (!OPERATOR.matcher(name).matches()) {
            throw new TrustException(
                    400,
                    "an operator's name is letters, digits, dots, hyphens and underscores, 64 at most");
        }
        Right right =
                Right.ofOperator(body.role() == null ? "" : body.role())
                        .orElseThrow(
                                () -> new TrustException(400, "a role is read, operate or admin"));
        Instant now = clock.now();
        Profile profile =
                new Profile(
                        Profile.Kind.OPERATOR,
                        site.cluster(),
                        Profile.operator(right, name),
                        List.of(),
                        now.minus(Authority.HEAD_START),
                        now.plus(life(body.seconds())));
        try {
            CertificateRequest key =
                    CertificateRequest.parse(body.request() == null ? "" : body.request());
            return json(
                    new OperatorBody(
                            signer.certificatePem(), signer.sign(key, profile), site.where()));
        } catch (IOException e) {
            throw new TrustException(400, String.valueOf(e.getMessage()));
        }
    }

    private Authority signer() throws TrustException {
        return site.signer()
                .get()
                .orElseThrow(() ->
                        new TrustException(
                                409,
                                "this machine has not the authority's key: ask one that signs (flotilla machine certificates)"));
    }

    /**
     * Hands the authority to the machine that asks, if it may have it; that it is about to sign is
     * known before.
     */
    public Response authority(Request request) throws TrustException {
        Authority signer = signer();
        Member member = door.asking(request);
        for (int i = 0; i < TRIES; i++) {
            Roll roll = registry.read();
            if (!Signing.mayHave(member, roll.signing())) {
                throw new TrustException(
                        409,
                        "%s sign already, and %d are enough"
                                .formatted(
                                        String.join(
                                                ", ",
                                                roll.signing().stream().map(Member::name).toList()),
                                        Signing.MACHINES));
            }
            if (roll.signers().contains(member.machineId())
                    || registry.addSigner(roll, member.machineId())) {
                return json(new AuthorityBody(signer.certificatePem(), signer.keyPem()));
            }
        }
        throw new TrustException(503, "too much changes at once: try again");
    }

    private static Duration life(@Nullable Long seconds) throws TrustException {
        long asked = seconds == null ? OPERATOR_LIFE.toSeconds() : seconds;
        if (asked < 1 || asked > OPERATOR_LIFE_MAX.toSeconds()) {
            throw new TrustException(
                    400,
                    "an operator's certificate lives for 1 s to %d d: have another made when it has ended"
                            .formatted(OPERATOR_LIFE_MAX.toDays()));
        }
        return Duration.ofSeconds(asked);
    }
}
