package flotilla.discovery;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client at 127.0.0.2. */
final class FromElsewhere {
    private FromElsewhere() {}

    /** The status line of the answer. */
    static String get(int port, String target) throws IOException {
        InetAddress here = InetAddress.getByName("127.0.0.2");
        try (Socket socket = new Socket("127.0.0.1", port, here, 0);
                BufferedReader reply =
                        new BufferedReader(
                                new InputStreamReader(
                                        socket.getInputStream(), StandardCharsets.US_ASCII))) {
            socket.getOutputStream()
                    .write(
                            "GET %s HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n"
                                    .formatted(target)
                                    .getBytes(StandardCharsets.US_ASCII));
            return String.valueOf(reply.readLine());
        }
    }
}
