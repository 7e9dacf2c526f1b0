package flotilla.fleet.api;

/**
 * @param machineId this machine's
 * @param version answered as {@code Server: fleetd/VERSION}
 * @param pageLimit entries per page, the original's {@code token_limit}
 */
public record ApiConfig(String machineId, String version, int pageLimit) {
    /** The original's default for {@code token_limit}. */
    public static final int DEFAULT_PAGE_LIMIT = 100;

    public ApiConfig {
        if (pageLimit < 1 || pageLimit > 65_535) {
            throw new IllegalArgumentException(
                    "token_limit " + pageLimit + " is not between 1 and 65535");
        }
    }
}
