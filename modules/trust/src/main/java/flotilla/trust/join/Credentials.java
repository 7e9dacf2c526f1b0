package flotilla.trust.join;

import org.jspecify.annotations.Nullable;

/**
 * What a machine is given.
 *
 * @param cluster its id
 * @param authority the authority's certificate, in PEM
 * @param machine a certificate for its key as a server and a client, in PEM
 * @param peer one as a member of the store; null for a machine that may not be one
 */
public record Credentials(
        String cluster, String authority, String machine, @Nullable String peer) {}
