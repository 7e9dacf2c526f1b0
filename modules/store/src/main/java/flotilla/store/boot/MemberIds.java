package flotilla.store.boot;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** etcd's ids: every member computes the same from the same bootstrap facts, with no one to ask. */
public final class MemberIds {
    private MemberIds() {}

    /** First eight bytes of SHA-1 over the sorted peer URLs and the cluster token. */
    public static long member(List<String> peerUrls, String token) {
        MessageDigest sha = sha1();
        peerUrls.stream().sorted().forEach(url -> sha.update(utf8(url)));
        sha.update(utf8(token));
        return first8(sha);
    }

    /**
     * The id of a member that joins a running cluster, made by who proposes it: with the second in
     * place of the token, so that who was removed may come back as another.
     */
    public static long joining(List<String> peerUrls, Instant now) {
        return member(peerUrls, Long.toString(now.getEpochSecond()));
    }

    /** First eight bytes of SHA-1 over the members' ids, in order, eight bytes each. */
    public static long cluster(Collection<Long> members) {
        MessageDigest sha = sha1();
        members.stream()
                .sorted(Long::compareUnsigned)
                .forEach(id -> sha.update(ByteBuffer.allocate(Long.BYTES).putLong(0, id)));
        return first8(sha);
    }

    /** As etcd prints ids: hexadecimal without leading zeros. */
    public static String hex(long id) {
        return Long.toHexString(id);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static long first8(MessageDigest sha) {
        return ByteBuffer.wrap(sha.digest()).getLong();
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
