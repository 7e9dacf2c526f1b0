package flotilla.provision.hosts;

/**
 * How a command ended.
 *
 * @param exit -1 when it was killed because it took too long
 * @param out what it wrote, its errors among it
 */
public record CommandResult(int exit, String out) {
    public boolean isDone() {
        return exit == 0;
    }
}
