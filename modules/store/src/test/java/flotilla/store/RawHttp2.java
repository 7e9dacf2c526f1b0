package flotilla.store;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A client that sends whatever HTTP/2 frames it is told to (RFC 9113, 4.1). */
public final class RawHttp2 implements AutoCloseable {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;
    public static final int END_HEADERS = 4;
    public static final int ACK = 1;

    private final Socket socket;
    private final DataOutputStream out;
    private final DataInputStream in;

    public record Frame(int type, int flags, int stream, byte[] payload) {
        /** A GOAWAY's, RFC 9113, 6.8. */
        public int errorCode() {
            return ByteBuffer.wrap(payload).getInt(4);
        }

        public String debugData() {
            return new String(payload, 8, payload.length - 8, StandardCharsets.US_ASCII);
        }
    }

    public RawHttp2(URI endpoint) throws IOException {
        socket = new Socket(endpoint.getHost(), endpoint.getPort());
        socket.setSoTimeout(20_000);
        out = new DataOutputStream(socket.getOutputStream());
        in = new DataInputStream(socket.getInputStream());
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        send(SETTINGS, 0, 0, new byte[0]);
    }

    public void send(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.putInt(payload.length << 8 | type).put((byte) flags).putInt(stream).put(payload);
        out.write(frame.array());
    }

    /** Begins a call; its request is to come. */
    public void call(int stream, String method) throws IOException {
        send(HEADERS, END_HEADERS, stream, headers(method));
    }

    /** Lets the server send so many bytes more, on a stream and on the connection. */
    public void openWindow(int stream, int bytes) throws IOException {
        byte[] more = ByteBuffer.allocate(4).putInt(bytes).array();
        send(WINDOW_UPDATE, 0, 0, more);
        send(WINDOW_UPDATE, 0, stream, more);
    }

    /** Without compression (RFC 7541, 6.2.2; the numbers are of its static table). */
    public static byte[] headers(String method) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.write(0x83); // :method POST
        block.write(0x86); // :scheme http
        block.write(0x04); // :path
        text(block, "/" + method);
        block.write(0x01); // :authority
        text(block, "x");
        block.writeBytes(new byte[] {0x0f, 0x10}); // content-type
        text(block, "application/grpc");
        block.write(0x00);
        text(block, "te");
        text(block, "trailers");
        return block.toByteArray();
    }

    private static void text(ByteArrayOutputStream block, String text) {
        block.write(text.length());
        block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** The first piece of a gRPC message that says it is longer than it is. */
    public static byte[] messageBegin(int length, int sent) {
        return ByteBuffer.allocate(5 + sent).put((byte) 0).putInt(length).array();
    }

    public Frame read() throws IOException {
        int lengthAndType = in.readInt();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        byte[] payload = new byte[lengthAndType >>> 8];
        in.readFully(payload);
        return new Frame(lengthAndType & 0xff, flags, stream, payload);
    }

    /** Waits for a frame of a type, acknowledging the server's settings meanwhile. */
    public Frame await(int type) throws IOException {
        while (true) {
            Frame frame = read();
            if (frame.type() == SETTINGS && frame.flags() != ACK) {
                send(SETTINGS, ACK, 0, new byte[0]);
            }
            if (frame.type() == type) {
                return frame;
            }
        }
    }

    /** Waits until so many bytes of answers have come; how many have. */
    public int awaitData(int bytes) throws IOException {
        int got = 0;
        while (got < bytes) {
            got += await(DATA).payload().length;
        }
        return got;
    }

    /** Whether the server has hung up, without or with a word. */
    public boolean isCut() {
        try {
            while (true) {
                if (read().type() == GOAWAY) {
                    return true;
                }
            }
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
