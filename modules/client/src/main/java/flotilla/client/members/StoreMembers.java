package flotilla.client.members;

import flotilla.platform.http.HttpCaller;
import flotilla.platform.http.Reply;
import flotilla.platform.json.Json.JsonException;
import flotilla.platform.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The members of a store, as those know them that answer; asked by etcd's JSON gateway. Each call
 * blocks, and may be repeated: it brings the members to what it names, whatever an interrupted one
 * had done.
 */
public final class StoreMembers {
    /** More than etcd's own deadline for a write, so that it answers first. */
    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

    /**
     * How long a store may say that it can't just now: it changes its members only when they have
     * been in touch for five seconds, and an election may come between.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration PAUSE = Duration.ofMillis(250);

    /** google.rpc.Code: a learner that lags behind. */
    private static final long FAILED_PRECONDITION = 9;

    /** google.rpc.Code: may be asked again. */
    private static final long UNAVAILABLE = 14;

    private final List<URI> endpoints;
    private final Callers callers;

    /** Who makes a caller for a member; its own timeouts don't count. */
    @FunctionalInterface
    public interface Callers {
        /**
         * @throws IOException when there can't be one, for want of a certificate say
         */
        HttpCaller to(URI endpoint) throws IOException;
    }

    /**
     * @param endpoints client URLs of members, 1 or more
     */
    public StoreMembers(List<URI> endpoints, Callers callers) {
        this.endpoints = List.copyOf(endpoints);
        this.callers = callers;
    }

    /** One member as the store tells of it; without a name it has not started yet. */
    private record Member(
            String id,
            String name,
            List<String> peerUrls,
            List<String> clientUrls,
            boolean learner) {
        static Member read(JsonObject json) {
            return new Member(
                    json.requiredText("ID"),
                    Objects.requireNonNullElse(json.text("name"), ""),
                    urls(json, "peerURLs"),
                    urls(json, "clientURLs"),
                    json.flag("isLearner"));
        }

        private static List<String> urls(JsonObject json, String field) {
            return json.fields().get(field) instanceof List<?> list
                    ? list.stream().map(String::valueOf).toList()
                    : List.of();
        }

        boolean is(MemberIdentity identity) {
            return peerUrls.stream().anyMatch(identity.peerUrls()::contains);
        }
    }

    /** The store's word that it does not do as it was asked; it changed nothing. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final long code;

        Refused(String message, long code) {
            super(message);
            this.code = code;
        }
    }

    private interface Call<T> {
        T on(HttpCaller member) throws IOException, Refused;
    }

    /**
     * Makes a new member known, as a learner: it counts for no majority before it has what the
     * others have. Returns all members as {@code --initial-cluster} names them.
     */
    public String add(MemberIdentity identity) throws InterruptedException {
        return settle(
                "take in a new member",
                member -> {
                    List<Member> all = members(member);
                    if (find(all, identity).isEmpty()) {
                        Map<String, Object> body =
                                Map.of("peerURLs", identity.peerUrls(), "isLearner", true);
                        all = members(call(member, "add", body));
                    }
                    return all.stream()
                            .flatMap(one -> named(one, identity))
                            .collect(Collectors.joining(","));
                });
    }

    /** Where clients may ask: the client URLs of those members that have a vote. */
    public List<String> clientUrls() throws InterruptedException {
        return settle(
                "say who its members are",
                member ->
                        members(member).stream()
                                .filter(one -> !one.learner())
                                .flatMap(one -> one.clientUrls().stream())
                                .toList());
    }

    private static Stream<String> named(Member member, MemberIdentity own) {
        String name =
                member.is(own) ? own.name() : member.name().isEmpty() ? member.id() : member.name();
        return member.peerUrls().stream().map(url -> name + "=" + url);
    }

    /** Gives a learner its vote. False: not yet, it has not got what the others have. */
    public boolean promote(MemberIdentity identity) throws InterruptedException {
        return settle(
                "give the new member a vote",
                member -> {
                    Optional<Member> found = find(members(member), identity);
                    if (found.isEmpty()) {
                        throw new MembersException(
                                "the store knows no member at %s any more: remove the machine and add another"
                                        .formatted(String.join(",", identity.peerUrls())),
                                null);
                    }
                    try {
                        if (found.get().learner()) {
                            call(member, "promote", Map.of("ID", found.get().id()));
                        }
                        return true;
                    } catch (Refused e) {
                        if (e.code == FAILED_PRECONDITION) {
                            return false;
                        }
                        throw e;
                    }
                });
    }

    public void remove(MemberIdentity identity) throws InterruptedException {
        settle(
                "let the member at " + String.join(",", identity.peerUrls()) + " go",
                member -> {
                    Optional<Member> found = find(members(member), identity);
                    if (found.isPresent()) {
                        call(member, "remove", Map.of("ID", found.get().id()));
                    }
                    return true;
                });
    }

    /**
     * Asks one machine after another until one answers; again where the store says that it can't
     * just now, as in the seconds after another change of members.
     */
    private <T> T settle(String what, Call<T> call) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            String why = "no machine that is up answers";
            for (URI endpoint : endpoints) {
                try (HttpCaller member = callers.to(endpoint).timeout(ANSWER_MAX)) {
                    return call.on(member);
                } catch (Refused e) {
                    why = String.valueOf(e.getMessage());
                    if (e.code != UNAVAILABLE) {
                        throw new MembersException("the store does not " + what + ": " + why, e);
                    }
                } catch (IOException | JsonException e) {
                    why = endpoint.getHost() + ": " + e.getMessage();
                }
            }
            if (System.nanoTime() > deadline) {
                throw new MembersException(
                        "the store does not %s: %s; it needs a majority of its machines for that: see which are down"
                                .formatted(what, why),
                        null);
            }
            Thread.sleep(PAUSE);
        }
    }

    private static List<Member> members(HttpCaller member) throws IOException, Refused {
        return members(call(member, "list", Map.of()));
    }

    private static List<Member> members(JsonObject answer) {
        return Objects.requireNonNullElse(answer.objects("members"), List.<JsonObject>of()).stream()
                .map(Member::read)
                .toList();
    }

    private static JsonObject call(HttpCaller member, String verb, Map<String, Object> body)
            throws IOException, Refused {
        Reply reply = member.postJson("/v3/cluster/member/" + verb, new JsonObject(body).json());
        JsonObject answer = JsonObject.read(reply.text());
        if (reply.status() != 200) {
            throw new Refused(
                    Objects.requireNonNullElse(answer.text("message"), reply.text()),
                    answer.number("code"));
        }
        return answer;
    }

    private static Optional<Member> find(List<Member> members, MemberIdentity identity) {
        return members.stream().filter(member -> member.is(identity)).findFirst();
    }
}
