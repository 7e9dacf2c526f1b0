package flotilla.fleet.api;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.schedule.Review;
import flotilla.units.Problem;
import flotilla.units.UnitFile;
import flotilla.units.UnitName;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A unit file that somebody wants in the cluster: checked before it is stored. */
final class Submission {
    /** Bytes of one unit file; far below what the store takes in one value. */
    private static final int MAX_BYTES = 256 << 10;

    private Submission() {}

    static Entry.OfText text(UnitName name, List<UnitOption> options) throws ApiException {
        UnitFile file;
        try {
            file = UnitOption.file(options);
        } catch (IllegalArgumentException e) {
            throw new ApiException(400, "invalid options: " + e.getMessage());
        }
        String text = file.fleetText();
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new ApiException(400, "unit file is larger than " + MAX_BYTES + " bytes");
        }
        boolean tooLong =
                text.lines()
                        .anyMatch(line ->
                                line.getBytes(StandardCharsets.UTF_8).length
                                        > UnitFile.LINE_BYTES_MAX);
        if (tooLong) {
            throw new ApiException(
                    400,
                    "line too long: a unit file's lines have at most %d bytes"
                            .formatted(UnitFile.LINE_BYTES_MAX));
        }
        // What others will read, which a value with a line break or a stray blank may not be.
        UnitFile stored = UnitFile.parse(text);
        if (!stored.hash().equals(file.hash())) {
            throw new ApiException(
                    400, "invalid options: " + altered(file, stored) + " is not read as written");
        }
        List<Problem> problems = Review.of(stored, name).problems();
        if (!problems.isEmpty()) {
            throw new ApiException(400, problems.getFirst().message());
        }
        return new Entry.OfText(file.hash(), text);
    }

    /** The first option that reads differently. */
    private static String altered(UnitFile file, UnitFile stored) {
        List<UnitOption> given = UnitOption.of(file);
        List<UnitOption> read = UnitOption.of(stored);
        for (int i = 0; i < given.size(); i++) {
            if (i >= read.size() || !given.get(i).equals(read.get(i))) {
                return given.get(i).name() + "=" + given.get(i).value();
            }
        }
        return "the last line";
    }
}
