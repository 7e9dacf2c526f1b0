package flotilla.fleet.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A unit as the API shows and takes it.
 *
 * @param currentState only shown; absent for global units
 * @param machineID only shown: the machine it belongs to
 */
public record UnitBody(
        @Nullable String name,
        @Nullable List<UnitOption> options,
        @Nullable String desiredState,
        @Nullable String currentState,
        @Nullable String machineID) {}
