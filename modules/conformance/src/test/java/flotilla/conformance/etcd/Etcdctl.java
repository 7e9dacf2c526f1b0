package flotilla.conformance.etcd;

import flotilla.conformance.servers.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Debian's etcdctl, speaking v3 to one member. */
final class Etcdctl {
    private static final int PATIENCE_SECONDS = 30;

    private static final Pattern GRANTED = Pattern.compile("lease ([0-9a-f]{16}) granted");

    private final String address;
    private final Path folder;
    private String lease = "no lease granted yet";

    Etcdctl(String address, Path folder) {
        this.address = address;
        this.folder = folder;
    }

    /** Another command line to the same member, whose output does not mix with this one's. */
    Etcdctl beside(String name) throws IOException {
        return new Etcdctl(address, Files.createDirectories(folder.resolve(name)));
    }

    static boolean isInstalled() {
        return Program.onPath("etcdctl").isPresent();
    }

    /** Grants a lease, which the word LEASE in later commands stands for. */
    String grant(int seconds) {
        String granted = run("", List.of("lease", "grant", String.valueOf(seconds)));
        Matcher id = GRANTED.matcher(read());
        if (id.find()) {
            lease = id.group(1);
        }
        return granted;
    }

    /**
     * What the command printed and how it ended, with the ids, ports and timings of this one
     * cluster replaced by words.
     */
    String run(String stdin, List<String> arguments) {
        try {
            Process process = start(stdin, arguments);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return "no end after " + PATIENCE_SECONDS + " s, so far:\n" + output();
            }
            return output() + "exit " + process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    /** Starts the command with its output going to {@link #output}. */
    Process start(String stdin, List<String> arguments) {
        List<String> command =
                new ArrayList<>(List.of("etcdctl", "--endpoints", "http://" + address));
        arguments.forEach(argument -> command.add(argument.equals("LEASE") ? lease : argument));
        try {
            Path in = Files.writeString(folder.resolve("in"), stdin);
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .redirectInput(in.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(out().toFile());
            builder.environment().put("ETCDCTL_API", "3");
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("running " + command, e);
        }
    }

    String output() {
        return Masks.of(address, read());
    }

    private String read() {
        try {
            return Files.readString(out(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + out(), e);
        }
    }

    private Path out() {
        return folder.resolve("out");
    }
}
