package flotilla.provision.hosts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What hosts have beside what this machine has. */
public interface Equipment {
    /** Folders that every host sees, those first that hold others. */
    List<Shown> shown() throws IOException;

    /**
     * Done once to each new host, before it boots.
     *
     * @param root its root directory, seen from here
     */
    void install(Path root) throws IOException, InterruptedException;

    /** Folders alone. */
    static Equipment showing(List<Shown> folders) {
        List<Shown> all = List.copyOf(folders);
        return new Equipment() {
            @Override
            public List<Shown> shown() {
                return all;
            }

            @Override
            public void install(Path root) {
                // What is shown is there.
            }
        };
    }
}
