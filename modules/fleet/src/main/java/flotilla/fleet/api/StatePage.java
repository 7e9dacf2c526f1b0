package flotilla.fleet.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of states; the token asks for the next one. */
public record StatePage(@Nullable List<StateBody> states, @Nullable String nextPageToken) {}
