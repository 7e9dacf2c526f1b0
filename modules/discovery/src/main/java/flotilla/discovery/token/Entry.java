package flotilla.discovery.token;

/**
 * One key under a token.
 *
 * @param key its last path element, a member's id or name, or {@code _state}
 * @param created the index at which it was first put; members count in this order
 * @param modified the index of its last change
 * @param expiresMillis when it goes by itself, in ms since 1970; 0 for never
 */
public record Entry(String key, String value, long created, long modified, long expiresMillis) {
    /** Names that begin with an underscore are left out of listings, as in etcd. */
    public boolean hidden() {
        return key.startsWith("_");
    }

    boolean expired(long nowMillis) {
        return expiresMillis != 0 && expiresMillis <= nowMillis;
    }
}
