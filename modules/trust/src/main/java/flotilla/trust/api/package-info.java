/**
 * What fleet's API answers of the cluster's tokens, machines and operators, and the other end of
 * it. Who may ask is not decided here. Read {@link flotilla.trust.api.TrustApi} first.
 */
@NullMarked
package flotilla.trust.api;

import org.jspecify.annotations.NullMarked;
