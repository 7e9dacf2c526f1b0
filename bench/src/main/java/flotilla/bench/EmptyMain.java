package flotilla.bench;

/** A program that does nothing: what is left of a command's time is the JVM's own. */
final class EmptyMain {
    private EmptyMain() {}

    public static void main(String[] arguments) {
        // Nothing, on purpose.
    }
}
