/**
 * What would follow if something were done, or happened: the engine's own decisions, carried out on
 * a copy of the cluster. Pure. Read {@link flotilla.fleet.plan.Forecast} first.
 */
@NullMarked
package flotilla.fleet.plan;

import org.jspecify.annotations.NullMarked;
