package flotilla.fleet.agent;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.OwnUnits;
import flotilla.fleet.registry.Registry;
import flotilla.machine.Init;
import flotilla.machine.Init.UnitDirectory;
import flotilla.units.UnitFile;
import java.io.IOException;
import java.util.Optional;

/** Brings unit files from the store to the init, and away again. */
final class UnitLoader {
    private final Registry registry;
    private final Init init;

    UnitLoader(Registry registry, Init init) {
        this.registry = registry;
        this.init = init;
    }

    /** Blocks on the store. The init reads the file when it is next told to reload. */
    void load(String unit, String hash) throws IOException {
        // Again, as whoever wrote the store may not have asked the API.
        Optional<String> own = OwnUnits.refusal(unit);
        if (own.isPresent()) {
            throw new IOException(own.get());
        }
        Entry.OfText text =
                registry.get(new Key.OfText(hash), Entry.OfText.class)
                        .orElseThrow(() ->
                                new IOException(
                                        "the text "
                                                + hash
                                                + " of "
                                                + unit
                                                + " is not in the store"));
        init.write(UnitDirectory.RUNTIME, unit, text.text());
        if (UnitFile.parse(text.text()).hasSection("Install")) {
            enable(unit);
        }
    }

    /** A unit that can't be enabled is not loaded: nobody would remove its file. */
    private void enable(String unit) throws IOException {
        try {
            init.enable(unit, UnitDirectory.RUNTIME);
        } catch (IOException | RuntimeException e) {
            init.remove(UnitDirectory.RUNTIME, unit);
            throw e;
        }
    }

    void discard(String unit) throws IOException {
        init.remove(UnitDirectory.RUNTIME, unit);
        init.resetFailed(unit);
    }
}
