package flotilla.cloudconfig.document;

import flotilla.cloudconfig.document.Field.Place;
import flotilla.cloudconfig.document.Problem.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What is found in one document; so many at most that a bad one can't fill the memory. */
final class Problems {
    /** Of a message that quotes a long value, so much of its beginning and of its end is told. */
    private static final int MESSAGE_END_CHARS = 200;

    /** What crypt(5) makes of a password, wherever it was put by mistake. */
    private static final Pattern HASH =
            Pattern.compile("\\$[0-9a-z]{1,8}\\$[./0-9A-Za-z$=,+-]{8,}");

    private final List<Problem> list = new ArrayList<>();
    private boolean onlyWarnings;
    private int errors;

    void error(Place place, String message) {
        errors++;
        add(onlyWarnings ? Severity.WARNING : Severity.ERROR, place, message);
    }

    void warning(Place place, String message) {
        add(Severity.WARNING, place, message);
    }

    /** How many errors there were, told or not. */
    int errors() {
        return errors;
    }

    void addAll(List<Problem> problems) {
        problems.stream().limit(DocumentReader.PROBLEMS_MAX).forEach(list::add);
    }

    /** Errors of a part that nothing acts on are warnings: nobody is refused for them. */
    void ofWhatIsNotApplied(Runnable part) {
        boolean before = onlyWarnings;
        onlyWarnings = true;
        part.run();
        onlyWarnings = before;
    }

    private void add(Severity severity, Place place, String message) {
        if (list.size() < DocumentReader.PROBLEMS_MAX) {
            list.add(new Problem(severity, place.line(), place.column(), shortened(message)));
        } else if (list.size() == DocumentReader.PROBLEMS_MAX) {
            list.add(
                    new Problem(
                            Severity.ERROR,
                            place.line(),
                            place.column(),
                            "there are more problems than %d: the rest is not told"
                                    .formatted(DocumentReader.PROBLEMS_MAX)));
        }
    }

    /** Without what is nobody's to read, and not too long. */
    private static String shortened(String whole) {
        String message = HASH.matcher(whole).replaceAll("(the hash of a password)");
        int cut = message.length() - MESSAGE_END_CHARS;
        return cut <= MESSAGE_END_CHARS
                ? message
                : message.substring(0, MESSAGE_END_CHARS) + " ... " + message.substring(cut);
    }

    boolean isFull() {
        return list.size() > DocumentReader.PROBLEMS_MAX;
    }

    List<Problem> byPlace() {
        return list.stream().sorted(Problem.BY_PLACE).toList();
    }
}
