package flotilla.trust.api;

/**
 * The cluster's authority, for a machine that is to sign too.
 *
 * @param certificate in PEM
 * @param key in PEM; for no log
 */
public record AuthorityBody(String certificate, String key) {
    @Override
    public String toString() {
        return "AuthorityBody";
    }
}
