package flotilla.conformance;

/**
 * What an id of 64 random bits looks like where it is printed without leading zeros, as those of
 * members, clusters and leases are. Shorter numbers are taken for what they are: revisions, hashes.
 */
public final class RandomId {
    /** A regular expression for it in hexadecimal: one of 16^6, 17 million, ids is shorter. */
    public static final String HEX = "[0-9a-f]{11,16}";

    /** And in decimal: one of 18 million is shorter; a lease's, of 63 bits, one of 9 million. */
    public static final String DECIMAL = "[0-9]{13,20}";

    private RandomId() {}
}
