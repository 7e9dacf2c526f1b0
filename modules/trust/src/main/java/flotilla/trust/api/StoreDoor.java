package flotilla.trust.api;

import flotilla.client.members.MemberIdentity;
import flotilla.client.members.MembersException;
import flotilla.client.members.StoreMembers;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import flotilla.platform.json.Json;
import flotilla.trust.authority.Certified;
import flotilla.trust.authority.Profile.Kind;
import flotilla.trust.home.UnitSettings;
import flotilla.trust.registry.Registry;
import flotilla.trust.token.Member;
import flotilla.trust.token.Role;
import java.util.List;

/**
 * Lets machines that were admitted as members into the store, each as what the cluster remembers of
 * it: what it says itself doesn't count. Calls block.
 *
 * @param cluster its id
 */
public record StoreDoor(String cluster, Registry registry, StoreMembers members) {
    /** Where the store is, for any machine of the cluster. */
    public Response tell() throws TrustException {
        return attempt(() -> json(new StoreBody(members.clientUrls(), null)));
    }

    /** Makes the machine that asks a member of the store; without a vote, if it is new. */
    public Response join(Request request) throws TrustException {
        MemberIdentity identity = identity(asking(request));
        return attempt(() -> json(new StoreBody(members.clientUrls(), members.add(identity))));
    }

    /** Gives the machine that asks its vote, if it has what the others have. */
    public Response vote(Request request) throws TrustException {
        MemberIdentity identity = identity(asking(request));
        return attempt(() -> json(new VoteBody(members.promote(identity))));
    }

    /** Takes a machine that was put out from the store's members. Again is no error. */
    void remove(Member member) throws TrustException {
        if (member.role() == Role.MEMBER) {
            MemberIdentity identity = identity(member);
            attempt(() -> {
                members.remove(identity);
                return Response.empty(204);
            });
        }
    }

    private static Response json(Object body) {
        return Response.json(200, Json.write(body));
    }

    private interface Change {
        Response make() throws InterruptedException;
    }

    private static Response attempt(Change change) throws TrustException {
        try {
            return change.make();
        } catch (MembersException e) {
            throw new TrustException(503, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TrustException(503, "this machine's fleet ends: ask again");
        }
    }

    /** The member of the cluster that asks, by its own certificate. */
    Member asking(Request request) throws TrustException {
        Certified shown =
                request.certificate()
                        .flatMap(Certified::of)
                        .filter(one -> one.isFor(cluster, Kind.MACHINE))
                        .orElseThrow(() ->
                                new TrustException(
                                        403,
                                        "only a machine itself, by its certificate, asks that"));
        Member member =
                registry.read()
                        .member(shown.subject())
                        .filter(known -> !known.denied())
                        .orElseThrow(() ->
                                new TrustException(
                                        403,
                                        "machine %s is not in the cluster"
                                                .formatted(shown.subject())));
        if (member.role() != Role.MEMBER || member.addresses().isEmpty()) {
            throw new TrustException(
                    403,
                    "%s joined as a machine, and not as a member of the store: that takes another token"
                            .formatted(member.name()));
        }
        return member;
    }

    private static MemberIdentity identity(Member member) {
        return new MemberIdentity(
                member.name(),
                List.of(UnitSettings.url(member.addresses().getFirst(), UnitSettings.PEER_PORT)));
    }
}
