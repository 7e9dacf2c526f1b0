package flotilla.trust.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cluster's store, for a machine that joins.
 *
 * @param endpoints client URLs of members that have a vote
 * @param initialCluster all members, {@code NAME=URL,...}; null for who is none
 */
public record StoreBody(List<String> endpoints, @Nullable String initialCluster) {}
