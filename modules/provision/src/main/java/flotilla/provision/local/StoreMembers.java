package flotilla.provision.local;

import flotilla.platform.http.HttpCaller;
import flotilla.platform.http.Reply;
import flotilla.platform.json.Json.JsonException;
import flotilla.platform.json.JsonObject;
import flotilla.provision.ProvisionException;
import flotilla.provision.machine.MemberFlags;
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
 * The members of the cluster's store, as those of its machines that are up know them; asked by
 * etcd's JSON gateway. Each call blocks, and may be repeated: it brings the members to what it
 * names, whatever an interrupted one had done.
 */
final class StoreMembers {
    private static final int CLIENT_PORT = 2379;

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

    private final List<String> addresses;

    /**
     * @param addresses of machines, 1 or more
     */
    StoreMembers(List<String> addresses) {
        this.addresses = List.copyOf(addresses);
    }

    /** One member as the store tells of it; without a name it has not started yet. */
    private record Member(String id, String name, List<String> peerUrls, boolean learner) {
        static Member read(JsonObject json) {
            Object urls = json.fields().get("peerURLs");
            return new Member(
                    json.requiredText("ID"),
                    Objects.requireNonNullElse(json.text("name"), ""),
                    urls instanceof List<?> list
                            ? list.stream().map(String::valueOf).toList()
                            : List.of(),
                    json.flag("isLearner"));
        }

        boolean is(MemberFlags.Identity identity) {
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
    String add(MemberFlags.Identity identity) throws InterruptedException {
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

    private static Stream<String> named(Member member, MemberFlags.Identity own) {
        String name =
                member.is(own) ? own.name() : member.name().isEmpty() ? member.id() : member.name();
        return member.peerUrls().stream().map(url -> name + "=" + url);
    }

    /** Gives a learner its vote. False: not yet, it has not got what the others have. */
    boolean promote(MemberFlags.Identity identity) throws InterruptedException {
        return settle(
                "give the new member a vote",
                member -> {
                    Optional<Member> found = find(members(member), identity);
                    if (found.isEmpty()) {
                        throw new ProvisionException(
                                "the store knows no member at %s any more: remove the machine and add another"
                                        .formatted(String.join(",", identity.peerUrls())));
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

    void remove(MemberFlags.Identity identity) throws InterruptedException {
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
            for (String address : addresses) {
                URI uri = URI.create("http://" + address + ":" + CLIENT_PORT);
                try (HttpCaller member = HttpCaller.to(uri).timeout(ANSWER_MAX)) {
                    return call.on(member);
                } catch (Refused e) {
                    why = String.valueOf(e.getMessage());
                    if (e.code != UNAVAILABLE) {
                        throw new ProvisionException("the store does not " + what + ": " + why, e);
                    }
                } catch (IOException | JsonException e) {
                    why = address + ": " + e.getMessage();
                }
            }
            if (System.nanoTime() > deadline) {
                throw new ProvisionException(
                        "the store does not %s: %s; it needs a majority of its machines for that: ./flotilla machine ls shows which are down"
                                .formatted(what, why));
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

    private static Optional<Member> find(List<Member> members, MemberFlags.Identity identity) {
        return members.stream().filter(member -> member.is(identity)).findFirst();
    }
}
