package flotilla.provision.hosts;

import flotilla.provision.trust.NewMachine;
import java.io.IOException;
import java.util.List;

/** What hosts have beside what this machine has. */
public interface Equipment {
    /** Folders that every host sees, those first that hold others. */
    List<Shown> shown() throws IOException;

    /** Done once to each new host, before it boots. */
    void install(NewMachine host) throws IOException, InterruptedException;

    /** Something that is done to a new host. */
    @FunctionalInterface
    interface Step {
        void to(NewMachine host) throws IOException, InterruptedException;
    }

    /** The same, and then something more. */
    default Equipment and(Step more) {
        Equipment first = this;
        return new Equipment() {
            @Override
            public List<Shown> shown() throws IOException {
                return first.shown();
            }

            @Override
            public void install(NewMachine host) throws IOException, InterruptedException {
                first.install(host);
                more.to(host);
            }
        };
    }

    /** Folders alone. */
    static Equipment showing(List<Shown> folders) {
        List<Shown> all = List.copyOf(folders);
        return new Equipment() {
            @Override
            public List<Shown> shown() {
                return all;
            }

            @Override
            public void install(NewMachine host) {
                // What is shown is there.
            }
        };
    }
}
