package flotilla.cli.fleetctl;

import flotilla.cli.command.CommandFailure;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.schedule.Review;
import flotilla.units.UnitFile;
import flotilla.units.UnitName;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A unit's text and where it is from, for messages.
 *
 * @param place a path; empty when the cluster keeps it
 */
record UnitSource(String place, UnitFile file) {
    static Optional<UnitSource> read(Path path) {
        if (Files.isDirectory(path)) {
            return Optional.empty();
        }
        try {
            UnitFile file = UnitFile.parse(Files.readString(path));
            if (!file.problems().isEmpty()) {
                throw new CommandFailure(path + ":" + file.problems().getFirst());
            }
            if (file.options().isEmpty()) {
                throw new CommandFailure(path + " says nothing: it has no NAME=VALUE line");
            }
            return Optional.of(new UnitSource(path.toString(), file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (MalformedInputException e) {
            throw new CommandFailure(path + " is no text in UTF-8");
        } catch (IOException e) {
            throw new CommandFailure(path + " can't be read: " + e.getMessage());
        }
    }

    /** What a template in the cluster gives its instances. */
    static Optional<UnitSource> template(FleetClient fleet, UnitName instance) {
        return instance.template()
                .flatMap(template -> fleet.unit(template.full()))
                .map(unit -> new UnitSource("", Submitter.file(unit)));
    }

    /** Refuses what no machine could ever give; says on stderr what has no effect. */
    UnitFile checked(UnitName name) {
        String from = place.isEmpty() ? name.full() + ": " : place + ":";
        Review review = Review.of(file, name);
        review.problems().stream()
                .findFirst()
                .ifPresent(problem -> {
                    throw new CommandFailure(from + problem);
                });
        review.warnings().forEach(warning -> System.err.println("Warning: " + from + warning));
        return file;
    }
}
