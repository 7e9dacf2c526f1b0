/**
 * Counters, gauges and histograms, and their Prometheus text. One {@link
 * flotilla.platform.metrics.Metrics} a server: there is no registry of the process. Knows nobody's
 * names.
 */
@NullMarked
package flotilla.platform.metrics;

import org.jspecify.annotations.NullMarked;
