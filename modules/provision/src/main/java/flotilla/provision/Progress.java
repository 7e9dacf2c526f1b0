package flotilla.provision;

/** Hears what a long call is doing, a short line per step. Quick, and safe from any thread. */
@FunctionalInterface
public interface Progress {
    void step(String line);

    Progress SILENT = line -> {};
}
