package flotilla.trust.registry;

import com.google.protobuf.ByteString;
import flotilla.client.EtcdClient;
import flotilla.client.EtcdClientException;
import flotilla.client.Listing;
import flotilla.client.Txn;
import flotilla.client.WatchSpec;
import flotilla.platform.Registration;
import flotilla.platform.json.Json;
import flotilla.protocol.KeyValue;
import flotilla.protocol.PutRequest;
import flotilla.protocol.RequestOp;
import flotilla.trust.token.Grant;
import flotilla.trust.token.Member;
import flotilla.trust.token.Verdict;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tokens and members in the store. Each change is one transaction, and goes only upon what was
 * read: two signers can't use a token twice. Calls block; they throw {@link EtcdClientException}
 * when the store can't be asked, and an outcome may then be unknown.
 *
 * <p>A value that can't be read is an error here and not a missing one: who can't tell whether a
 * machine was put out lets nobody in.
 */
public final class Registry {
    private static final String PREFIX = "/flotilla/trust/";
    private static final String TOKENS = PREFIX + "tokens/";
    private static final String MEMBERS = PREFIX + "machines/";

    /** One for each machine that has the authority's key. */
    private static final String SIGNERS = PREFIX + "signers/";

    /** Written by every change, so that each is noticed by those who read before it. */
    private static final String TURN = PREFIX + "turn";

    /** A token that has ended is known for so long, so that who comes too late is told so. */
    private static final Duration REMEMBERED = Duration.ofDays(1);

    private final EtcdClient store;

    public Registry(EtcdClient store) {
        this.store = store;
    }

    /**
     * All that there is at one moment.
     *
     * @param signers ids of machines that have the authority's key, or are about to
     * @param turn what must not have changed when something is written upon it
     */
    public record Roll(List<Grant> grants, List<Member> members, Set<String> signers, long turn) {
        public Roll {
            grants = List.copyOf(grants);
            members = List.copyOf(members);
            signers = Set.copyOf(signers);
        }

        /** The machines that sign for others, as far as they are in. */
        public List<Member> signing() {
            return members.stream()
                    .filter(member -> !member.denied() && signers.contains(member.machineId()))
                    .toList();
        }

        public Optional<Grant> grant(String id) {
            return grants.stream().filter(grant -> grant.id().equals(id)).findFirst();
        }

        public Optional<Member> member(String nameOrId) {
            return members.stream()
                    .filter(member -> member.isCalled(nameOrId))
                    // One that was put out may have left its name to another.
                    .min(Comparator.comparing(Member::denied));
        }
    }

    public Roll read() {
        Listing all = store.getPrefix(PREFIX);
        return new Roll(
                all.kvs().stream()
                        .filter(pair -> key(pair).startsWith(TOKENS))
                        .map(pair -> value(pair, Grant.class))
                        .toList(),
                all.kvs().stream()
                        .filter(pair -> key(pair).startsWith(MEMBERS))
                        .map(pair -> value(pair, Member.class))
                        .toList(),
                all.kvs().stream()
                        .map(Registry::key)
                        .filter(key -> key.startsWith(SIGNERS))
                        .map(key -> key.substring(SIGNERS.length()))
                        .collect(Collectors.toUnmodifiableSet()),
                all.kvs().stream()
                        .filter(pair -> key(pair).equals(TURN))
                        .map(KeyValue::getModRevision)
                        .findFirst()
                        .orElse(0L));
    }

    private static String key(KeyValue pair) {
        return pair.getKey().toStringUtf8();
    }

    private static <T> T value(KeyValue pair, Class<T> type) {
        try {
            return Json.read(pair.getValue().toStringUtf8(), type);
        } catch (Json.JsonException e) {
            throw new UnreadableException(
                    "the store's key %s can't be read (%s), so nobody can be let in: remove that key, and let its machine join again"
                            .formatted(key(pair), e.getMessage()),
                    e);
        }
    }

    /** Makes a token known. It goes by itself a day after it has ended. */
    public void add(Grant grant, Duration life) {
        long lease = store.grantLease(life.plus(REMEMBERED));
        store.put(TOKENS + grant.id(), bytes(grant), lease);
    }

    /** Whether there was such a token. */
    public boolean revoke(String tokenId) {
        return store.delete(TOKENS + tokenId);
    }

    /**
     * Writes down that a machine was admitted.
     *
     * @return false when something has changed since: read again, and decide anew
     */
    public boolean write(Roll upon, Verdict.Admitted admitted) {
        Txn transaction =
                store.txn()
                        .when(Txn.modRevision(TURN, upon.turn()))
                        .then(Txn.put(TURN, ByteString.EMPTY), put(admitted.member()));
        admitted.grant()
                .ifPresent(grant ->
                        transaction
                                .when(Txn.exists(TOKENS + grant.id()))
                                .then(
                                        Txn.put(
                                                PutRequest.newBuilder()
                                                        .setKey(
                                                                ByteString.copyFromUtf8(
                                                                        TOKENS + grant.id()))
                                                        .setValue(bytes(grant))
                                                        .setIgnoreLease(true)
                                                        .build())));
        return transaction.commit().getSucceeded();
    }

    /**
     * Remembers the first machine, which no token admitted; again is no error.
     *
     * @return false when something has changed meanwhile
     */
    public boolean enrol(Member first) {
        Roll roll = read();
        return roll.member(first.machineId()).isPresent()
                || write(
                        roll,
                        new Verdict.Admitted(Optional.empty(), first, first.expiresAtMillis()));
    }

    /**
     * Writes down that a machine signs, before it can.
     *
     * @return false when something has changed since
     */
    public boolean addSigner(Roll upon, String machineId) {
        return store.txn()
                .when(Txn.modRevision(TURN, upon.turn()))
                .then(
                        Txn.put(TURN, ByteString.EMPTY),
                        Txn.put(SIGNERS + machineId, ByteString.EMPTY))
                .commit()
                .getSucceeded();
    }

    /** Calls, from another thread, whenever a machine was admitted or put out, until closed. */
    public Registration onMembersChange(Runnable listener) {
        return store.watch(WatchSpec.prefix(MEMBERS, 0), _ -> listener.run());
    }

    /**
     * Puts a machine out: it gets no certificate any more.
     *
     * @return false when something has changed since
     */
    public boolean putOut(Roll upon, Member member) {
        return store.txn()
                .when(Txn.modRevision(TURN, upon.turn()))
                .then(Txn.put(TURN, ByteString.EMPTY), put(member.putOut()))
                .commit()
                .getSucceeded();
    }

    private static RequestOp put(Member member) {
        return Txn.put(MEMBERS + member.machineId(), bytes(member));
    }

    private static ByteString bytes(Object value) {
        return ByteString.copyFromUtf8(Json.write(value));
    }
}
