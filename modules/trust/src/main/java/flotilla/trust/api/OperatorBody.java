package flotilla.trust.api;

import org.jspecify.annotations.Nullable;

/**
 * A person's certificate.
 *
 * @param authority the authority's certificate, in PEM
 * @param certificate theirs, in PEM
 * @param endpoint where to show it; null where none is known
 */
public record OperatorBody(String authority, String certificate, @Nullable String endpoint) {}
