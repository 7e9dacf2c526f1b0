package flotilla.fleet.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of machines; the token asks for the next one. */
public record MachinePage(@Nullable List<MachineBody> machines, @Nullable String nextPageToken) {}
