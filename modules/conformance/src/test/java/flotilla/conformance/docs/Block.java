package flotilla.conformance.docs;

import java.util.List;

/**
 * One block of commands in a document.
 *
 * @param place the document's name and the line of the fence
 * @param notReplayed why its commands can't be run by a test; empty when they can
 * @param steps the commands in order; at least one
 */
record Block(String place, String notReplayed, List<Step> steps) {
    Block {
        steps = List.copyOf(steps);
    }

    /**
     * One command.
     *
     * @param line its line in the document
     * @param command what stands behind {@code $}
     * @param output the lines below it; one of {@code ...} stands for any number of lines
     */
    record Step(int line, String command, List<String> output) {
        Step {
            output = List.copyOf(output);
        }
    }
}
