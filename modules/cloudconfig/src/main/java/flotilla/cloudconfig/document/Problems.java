package flotilla.cloudconfig.document;

import flotilla.cloudconfig.document.Field.Place;
import flotilla.cloudconfig.document.Problem.Severity;
import java.util.ArrayList;
import java.util.List;

/** What is found in one document; so many at most that a bad one can't fill the memory. */
final class Problems {
    /** Of a message that quotes a long value, so much of its beginning and of its end is told. */
    private static final int MESSAGE_END_CHARS = 200;

    private final List<Problem> list = new ArrayList<>();
    private boolean onlyWarnings;

    void error(Place place, String message) {
        add(onlyWarnings ? Severity.WARNING : Severity.ERROR, place, message);
    }

    void warning(Place place, String message) {
        add(Severity.WARNING, place, message);
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

    private static String shortened(String message) {
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
