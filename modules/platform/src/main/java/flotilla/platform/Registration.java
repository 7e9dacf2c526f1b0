package flotilla.platform;

/** Something subscribed to, until closed. Closing again does nothing; close never blocks. */
@FunctionalInterface
public interface Registration extends AutoCloseable {
    @Override
    void close();
}
