package flotilla.cloudconfig.document;

import flotilla.cloudconfig.document.Field.Place;
import java.util.ArrayList;
import java.util.List;

/** Keys for ssh: each a line of its file, which a line break would make two. */
final class SshKeys {
    private final Problems problems;

    SshKeys(Problems problems) {
        this.problems = problems;
    }

    List<String> read(List<Field> items) {
        List<String> keys = new ArrayList<>();
        for (Field item : items) {
            if (!(item instanceof Field.Text(Place place, String value)) || value.isBlank()) {
                continue;
            }
            if (Values.hasControl(value.strip().replace('\t', ' '))) {
                problems.error(
                        place,
                        "an ssh key is one line, this has a line break or a control character");
            } else {
                keys.add(value.strip());
            }
        }
        return keys;
    }
}
