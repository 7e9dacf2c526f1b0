package flotilla.machine.embedded;

import flotilla.machine.HostFacts;
import flotilla.machine.InitContract;
import flotilla.machine.Ports;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedInitTest extends InitContract {
    @TempDir Path root;
    private Machine machine;
    private Ports ports;

    @BeforeEach
    void open() throws IOException {
        machine = new Machine(root);
        HostFacts facts = new HostFacts(machine.id, "boot-1", "m1", "", 0, 0);
        ports = new Ports(machine.init, machine.init.journal(), new EmbeddedHost(facts));
    }

    @AfterEach
    void close() {
        machine.close();
    }

    @Override
    protected Ports ports() {
        return ports;
    }

    @Override
    protected boolean isReal() {
        return true;
    }
}
