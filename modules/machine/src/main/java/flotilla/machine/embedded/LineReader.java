package flotilla.machine.embedded;

import java.io.IOException;
import java.io.Reader;
import java.util.function.Consumer;

/** Lines of a program's output; a line without end is cut into pieces of a bounded length. */
final class LineReader {
    private LineReader() {}

    static void each(Reader in, int lengthMax, Consumer<String> listener) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c != '\n') {
                line.append((char) c);
            }
            if (c == '\n' || line.length() >= lengthMax) {
                listener.accept(line.toString());
                line.setLength(0);
            }
        }
        if (!line.isEmpty()) {
            listener.accept(line.toString());
        }
    }
}
