package flotilla.store.apply.refusal;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the store answers when it refuses a request: etcd's own codes and texts, on which clients
 * match (etcd's {@code rpctypes}). A refusal is certain: the request changed nothing.
 */
public enum EtcdError {
    EMPTY_KEY(Code.INVALID_ARGUMENT, "etcdserver: key is not provided"),
    KEY_NOT_FOUND(Code.INVALID_ARGUMENT, "etcdserver: key not found"),
    VALUE_PROVIDED(Code.INVALID_ARGUMENT, "etcdserver: value is provided"),
    LEASE_PROVIDED(Code.INVALID_ARGUMENT, "etcdserver: lease is provided"),
    TOO_MANY_OPS(Code.INVALID_ARGUMENT, "etcdserver: too many operations in txn request"),
    DUPLICATE_KEY(Code.INVALID_ARGUMENT, "etcdserver: duplicate key given in txn request"),
    INVALID_SORT_OPTION(Code.INVALID_ARGUMENT, "etcdserver: invalid sort option"),
    REQUEST_TOO_LARGE(Code.INVALID_ARGUMENT, "etcdserver: request is too large"),
    COMPACTED(Code.OUT_OF_RANGE, "etcdserver: mvcc: required revision has been compacted"),
    FUTURE_REVISION(Code.OUT_OF_RANGE, "etcdserver: mvcc: required revision is a future revision"),
    PERMISSION_DENIED(Code.PERMISSION_DENIED, "etcdserver: permission denied"),
    LEASE_NOT_FOUND(Code.NOT_FOUND, "etcdserver: requested lease not found"),
    LEASE_EXISTS(Code.FAILED_PRECONDITION, "etcdserver: lease already exists"),
    LEASE_TTL_TOO_LARGE(Code.OUT_OF_RANGE, "etcdserver: too large lease TTL"),
    /** What only a voter serves; the client goes to another member (etcd 3.4's code). */
    NOT_FOR_LEARNERS(Code.UNAVAILABLE, "etcdserver: rpc not supported for learner"),
    /** On the wire with code Unknown, as etcd sends it; clients look at the text. */
    TOO_MANY_REQUESTS(Code.UNKNOWN, "etcdserver: too many requests"),
    /** Ours: etcd sends what clients then don't take. */
    ANSWER_TOO_LARGE(
            Code.RESOURCE_EXHAUSTED,
            "etcdserver: the answer would be too large: ask in pages with a limit (etcdctl:"
                    + " --limit), for keys only or the count only, or without previous values"),
    /** While an alarm says that a member has no room; deletes and compaction are not refused. */
    NO_SPACE(Code.RESOURCE_EXHAUSTED, "etcdserver: mvcc: database space exceeded"),
    /** While an alarm says that members hold different data; reads are not refused. */
    CORRUPT(Code.DATA_LOSS, "etcdserver: corrupt cluster"),
    /** Above the cluster's feature level: some member can't read it yet. */
    NOT_CAPABLE(Code.UNAVAILABLE, "etcdserver: not capable"),
    /** Ours: the leader, of another version, makes nothing of it, or of what came with it. */
    UNREADABLE(
            Code.FAILED_PRECONDITION,
            "etcdserver: the leader can't read this request, and nothing was changed: run the same"
                    + " version on all members"),
    /** Ours: the leader, of another version, gives a reason that this member's has no word for. */
    UNREADABLE_REFUSAL(
            Code.FAILED_PRECONDITION,
            "etcdserver: the leader refuses this for a reason that this member's version does not"
                    + " know, and nothing was changed: ask the leader's own endpoint for the reason"
                    + " (etcdctl endpoint status shows who leads), or run the same version on all"
                    + " members"),
    NO_LEADER(Code.UNAVAILABLE, "etcdserver: no leader"),
    NOT_LEADER(Code.FAILED_PRECONDITION, "etcdserver: not leader"),
    LEADER_CHANGED(Code.UNAVAILABLE, "etcdserver: leader changed"),
    STOPPED(Code.UNAVAILABLE, "etcdserver: server stopped"),
    /** The outcome is unknown: the write may yet be, or have been, applied. */
    TIMEOUT(Code.UNAVAILABLE, "etcdserver: request timed out"),
    MEMBER_NOT_FOUND(Code.NOT_FOUND, "etcdserver: member not found"),
    MEMBER_EXISTS(Code.FAILED_PRECONDITION, "etcdserver: member ID already exist"),
    PEER_URL_EXISTS(Code.FAILED_PRECONDITION, "etcdserver: Peer URLs already exists"),
    BAD_MEMBER_URLS(Code.INVALID_ARGUMENT, "etcdserver: given member URLs are invalid"),
    MEMBER_NOT_LEARNER(Code.FAILED_PRECONDITION, "etcdserver: can only promote a learner member"),
    LEARNER_NOT_READY(
            Code.FAILED_PRECONDITION,
            "etcdserver: can only promote a learner member which is in sync with leader"),
    TOO_MANY_LEARNERS(Code.FAILED_PRECONDITION, "etcdserver: too many learner members in cluster"),
    /** On the wire with code Unknown, as etcd sends it; clients look at the text. */
    NOT_ENOUGH_STARTED_MEMBERS(
            Code.UNKNOWN, "etcdserver: re-configuration failed due to not enough started members"),
    UNHEALTHY(Code.UNAVAILABLE, "etcdserver: unhealthy cluster"),
    BAD_LEADER_TRANSFEREE(Code.FAILED_PRECONDITION, "etcdserver: bad leader transferee");

    /** gRPC's status codes, by their standard names, as far as refusals use them. */
    public enum Code {
        UNKNOWN,
        INVALID_ARGUMENT,
        NOT_FOUND,
        FAILED_PRECONDITION,
        OUT_OF_RANGE,
        UNAVAILABLE,
        RESOURCE_EXHAUSTED,
        DATA_LOSS,
        PERMISSION_DENIED
    }

    private static final Map<String, EtcdError> BY_NAME =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(Enum::name, error -> error));

    private final Code code;
    private final String text;

    EtcdError(Code code, String text) {
        this.code = code;
        this.text = text;
    }

    /**
     * The error of that name, as another member tells it; UNREADABLE_REFUSAL if its version has one
     * that this one doesn't, or gives none.
     */
    public static EtcdError named(String name) {
        return BY_NAME.getOrDefault(name, UNREADABLE_REFUSAL);
    }

    public Code code() {
        return code;
    }

    public String text() {
        return text;
    }
}
