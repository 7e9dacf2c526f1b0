package flotilla.provision.machine;

import flotilla.platform.log.Logging;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process that is a local machine. SIGTERM shuts the machine down; SIGKILL is the loss of its
 * power.
 */
public final class MachineProcess {
    private static final Logger log = LoggerFactory.getLogger(MachineProcess.class);

    private MachineProcess() {}

    /**
     * @param arguments the machine's directory
     */
    public static void main(String[] arguments) throws InterruptedException {
        startLog();
        Path directory = Path.of(arguments[0]);
        try {
            LocalMachine machine = LocalMachine.powerOn(directory);
            Runtime.getRuntime().addShutdownHook(new Thread(machine::close, "shutdown"));
            machine.boot();
            new CountDownLatch(1).await();
        } catch (IOException e) {
            log.error("the machine in {} can't run: {}", directory, e.getMessage());
            System.exit(1);
        } catch (RuntimeException e) {
            log.error("the machine in {} can't run", directory, e);
            System.exit(1);
        }
    }

    private static void startLog() {
        String format = System.getenv().getOrDefault("FLOTILLA_LOG_FORMAT", "text");
        Logging.start(
                System.getenv().getOrDefault("FLOTILLA_LOG_LEVEL", "info"),
                Logging.Format.valueOf(format.toUpperCase(Locale.ROOT)));
    }
}
