/**
 * The whole cluster as plain memory: what fleet's keys say, one class per kind of key, and the
 * model built from them. Pure: knows neither how keys are spelled nor where they are kept. Read
 * {@link flotilla.fleet.cluster.Cluster} first.
 */
@NullMarked
package flotilla.fleet.cluster;

import org.jspecify.annotations.NullMarked;
