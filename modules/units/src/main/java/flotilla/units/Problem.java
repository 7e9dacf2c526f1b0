package flotilla.units;

/**
 * Something wrong in a unit file, at a place a person can go to.
 *
 * @param line from 1; 0 when the problem is not at one line
 * @param column from 1, in characters; 0 when not known
 */
public record Problem(int line, int column, String message) {
    @Override
    public String toString() {
        return line == 0 ? message : line + ":" + column + ": " + message;
    }
}
