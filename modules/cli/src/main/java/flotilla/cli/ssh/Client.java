package flotilla.cli.ssh;

import flotilla.cli.command.CommandFailure;
import flotilla.platform.process.Tail;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/** ssh(1) of this host, run. */
public record Client(OpenSsh ssh) {
    /** ssh's own failures; what a command at the other end returns is passed on (ssh(1)). */
    private static final int FAILED = 255;

    /** ssh's words are lines. */
    static final int WORDS_BYTES_MAX = 1 << 16;

    private static final long LAST_WORDS_MILLIS = 1_000;

    /**
     * Runs a command at a machine, or a shell, with this process's input and outputs, to its end.
     *
     * @return its exit code; 255 when ssh did not get there, which is told
     */
    public int run(Place target, Optional<OpenSsh.Over> over, OpenSsh.Errand errand)
            throws InterruptedException {
        List<String> line = ssh.run(target, over, errand);
        Process process =
                start(
                        new ProcessBuilder(line)
                                .redirectInput(ProcessBuilder.Redirect.INHERIT)
                                .redirectOutput(ProcessBuilder.Redirect.INHERIT));
        try {
            Tail words =
                    Tail.copying(
                            process.getErrorStream(),
                            new FileOutputStream(FileDescriptor.err),
                            WORDS_BYTES_MAX);
            int code = process.waitFor();
            words.await(LAST_WORDS_MILLIS);
            String advice = code == FAILED ? Refusal.advice(ssh, target, words.text()) : "";
            if (!advice.isEmpty()) {
                System.err.println("flotilla: ssh to " + target.host() + ": " + advice);
            }
            return code;
        } finally {
            process.destroy();
        }
    }

    /** Starts ssh, with what it needs in place. */
    Process start(ProcessBuilder line) {
        try {
            Path folder = ssh.knownHosts().toAbsolutePath().getParent();
            if (folder != null && !Files.isDirectory(folder)) {
                Files.createDirectories(
                        folder,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            throw new CommandFailure(
                    "can't make the directory of %s, for known hosts: %s"
                            .formatted(ssh.knownHosts(), e.getMessage()));
        }
        try {
            return line.start();
        } catch (IOException e) {
            throw new CommandFailure(
                    "can't run ssh, OpenSSH's client: install it (Debian: openssh-client): "
                            + e.getMessage());
        }
    }
}
