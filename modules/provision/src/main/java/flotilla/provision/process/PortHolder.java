package flotilla.provision.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether a TCP port is free, and who has it when it is not: proc_pid_net(5), /proc/PID/fd. */
public final class PortHolder {
    /** The state column of /proc/net/tcp for a listening socket. */
    private static final String LISTEN = "0A";

    /** ::ffff:0:0/96 as the table spells it: how a JVM listens on an IPv4 address. */
    private static final String MAPPED = "0000000000000000FFFF0000";

    private PortHolder() {}

    /** Empty when the port is free; else words about who listens there. */
    public static Optional<String> of(String address, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(address), port));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(
                    inode(address, port)
                            .flatMap(PortHolder::process)
                            .orElse("a process of another user"));
        }
    }

    private static Optional<String> inode(String address, int port) {
        String own = littleEndian(address);
        String suffix = ":%04X".formatted(port);
        List<String> holders =
                Stream.of(own, "0".repeat(8), MAPPED + own, "0".repeat(32))
                        .map(local -> local + suffix)
                        .toList();
        return inode(Path.of("/proc/net/tcp"), holders)
                .or(() -> inode(Path.of("/proc/net/tcp6"), holders));
    }

    private static Optional<String> inode(Path table, List<String> holders) {
        try (var lines = Files.lines(table)) {
            return lines.map(line -> line.strip().split("\\s+"))
                    .filter(column -> column.length > 9 && column[3].equals(LISTEN))
                    .filter(column -> holders.contains(column[1]))
                    .map(column -> column[9])
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty(); // No such table here: the port is taken, by whom stays open.
        }
    }

    private static String littleEndian(String address) {
        byte[] bytes = InetAddress.ofLiteral(address).getAddress();
        byte[] reversed = {bytes[3], bytes[2], bytes[1], bytes[0]};
        return HexFormat.of().withUpperCase().formatHex(reversed);
    }

    private static Optional<String> process(String inode) {
        String socket = "socket:[" + inode + "]";
        return ProcessHandle.allProcesses()
                .filter(process -> holds(process.pid(), socket))
                .findFirst()
                .map(PortHolder::describe);
    }

    private static boolean holds(long pid, String socket) {
        Path descriptors = Path.of("/proc", Long.toString(pid), "fd");
        try (DirectoryStream<Path> links = Files.newDirectoryStream(descriptors)) {
            for (Path link : links) {
                if (Files.readSymbolicLink(link).toString().equals(socket)) {
                    return true;
                }
            }
            return false;
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            return false; // Another user's process, or one that has just ended.
        }
    }

    private static String describe(ProcessHandle process) {
        List<String> arguments = ProcessTable.arguments(process.pid());
        String command = arguments.isEmpty() ? "unknown" : arguments.getFirst();
        return "process " + process.pid() + " (" + command + ")";
    }
}
