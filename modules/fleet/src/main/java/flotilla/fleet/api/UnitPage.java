package flotilla.fleet.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of units; the token asks for the next one. */
public record UnitPage(@Nullable List<UnitBody> units, @Nullable String nextPageToken) {}
