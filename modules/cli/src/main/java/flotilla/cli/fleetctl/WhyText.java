package flotilla.cli.fleetctl;

import flotilla.cli.table.Table;
import flotilla.fleet.api.ScoreBody;
import flotilla.fleet.api.WhyBody;
import flotilla.fleet.api.WhyBody.FindingBody;
import flotilla.fleet.api.WhyBody.StandingBody;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Why a unit is where it is, for people: what matters first, and no more than is read. */
final class WhyText {
    /** Machines that could have the unit which are shown. */
    private static final int FITTING_SHOWN = 10;

    /** Machines that are named for one reason. */
    private static final int NAMED_FOR_ONE = 5;

    /** Reasons that are told of one check: of memory each machine may have its own. */
    private static final int REASONS_OF_ONE = 5;

    private final boolean all;
    private final StringBuilder text = new StringBuilder();

    private WhyText(boolean all) {
        this.all = all;
    }

    /**
     * @param all whether every machine is named
     */
    static String of(WhyBody why, boolean all) {
        WhyText text = new WhyText(all);
        text.sentences(why);
        text.fitting(why.machines().stream().filter(StandingBody::fits).toList());
        text.refusing(why.machines().stream().filter(at -> !at.fits()).toList());
        return text.text.toString();
    }

    /** Of the one machine that was asked for. */
    static String at(WhyBody why) {
        WhyText text = new WhyText(true);
        text.sentences(why);
        why.machines().forEach(text::at);
        return text.text.toString();
    }

    private void sentences(WhyBody why) {
        why.sentences().forEach(sentence -> line(why.name() + ": " + sentence));
    }

    private void fitting(List<StandingBody> machines) {
        if (machines.isEmpty() || machines.getFirst().scores().isEmpty()) {
            names("can have it", machines);
            return;
        }
        int shown = all ? machines.size() : FITTING_SHOWN;
        List<StandingBody> rows = new ArrayList<>(machines.subList(0, min(shown, machines)));
        // Where it is matters most, however it ranks.
        machines.stream().skip(shown).filter(StandingBody::here).forEach(rows::add);
        line("");
        text.append(table(machines.getFirst()).text(columns(machines.getFirst()), true, rows));
        more(machines.size() - rows.size());
    }

    private static Table<StandingBody> table(StandingBody one) {
        Table<StandingBody> table =
                new Table<StandingBody>()
                        .field("machine", at -> at.machine() + (at.here() ? " *" : ""));
        List<ScoreBody> rankings = one.scores();
        for (int i = 0; i < rankings.size(); i++) {
            int ranking = i;
            table.field(rankings.get(i).ranking(), at -> at.scores().get(ranking).text());
        }
        return table;
    }

    private static List<String> columns(StandingBody one) {
        List<String> columns = new ArrayList<>(List.of("machine"));
        one.scores().forEach(score -> columns.add(score.ranking()));
        return columns;
    }

    /** By the checks that stand against it, those of most machines first. */
    private void refusing(List<StandingBody> machines) {
        Map<String, List<StandingBody>> byChecks =
                machines.stream()
                        .collect(
                                Collectors.groupingBy(
                                        WhyText::checks, LinkedHashMap::new, Collectors.toList()));
        byChecks.entrySet().stream()
                .sorted((one, other) -> other.getValue().size() - one.getValue().size())
                .forEach(group -> refusing(group.getKey(), group.getValue()));
    }

    private void refusing(String checks, List<StandingBody> machines) {
        Map<String, List<StandingBody>> byReason =
                machines.stream()
                        .collect(
                                Collectors.groupingBy(
                                        WhyText::objections,
                                        LinkedHashMap::new,
                                        Collectors.toList()));
        line("");
        line("%s: can't be on %s".formatted(checks, count(machines.size())));
        int told = 0;
        int left = machines.size();
        for (Map.Entry<String, List<StandingBody>> reason : byReason.entrySet()) {
            if (!all && told++ == REASONS_OF_ONE) {
                break;
            }
            left -= reason.getValue().size();
            line("  %s: %s".formatted(named(reason.getValue()), reason.getKey()));
        }
        more(left);
    }

    /** The options that don't allow it. */
    private static String checks(StandingBody at) {
        return at.findings().stream()
                .filter(finding -> finding.objection() != null)
                .map(FindingBody::check)
                .collect(Collectors.joining(", "));
    }

    private static String objections(StandingBody at) {
        return at.findings().stream()
                .map(FindingBody::objection)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("; "));
    }

    private void at(StandingBody at) {
        line("");
        line(
                at.machine()
                        + (at.here()
                                ? " has it"
                                : at.fits() ? " could have it" : " can't have it"));
        text.append(
                new Table<FindingBody>()
                        .field("check", FindingBody::check)
                        .field(
                                "found",
                                found -> Objects.requireNonNullElse(found.objection(), "ok"))
                        .text(List.of("check", "found"), true, at.findings()));
        if (!at.scores().isEmpty()) {
            line("");
            text.append(
                    new Table<ScoreBody>()
                            .field("ranking", ScoreBody::ranking)
                            .field("score", ScoreBody::text)
                            .text(List.of("ranking", "score"), true, at.scores()));
        }
    }

    private void names(String what, List<StandingBody> machines) {
        if (!machines.isEmpty()) {
            line("");
            line("%s %s: %s".formatted(count(machines.size()), what, named(machines)));
        }
    }

    private String named(List<StandingBody> machines) {
        int shown = all ? machines.size() : NAMED_FOR_ONE;
        String names =
                machines.stream()
                        .limit(shown)
                        .map(at -> at.machine() + (at.here() ? " *" : ""))
                        .collect(Collectors.joining(", "));
        return machines.size() <= shown
                ? names
                : "%s and %d more".formatted(names, machines.size() - shown);
    }

    private void more(int left) {
        if (left > 0) {
            line("  and %s more: --all names them".formatted(count(left)));
        }
    }

    private static int min(int shown, List<?> machines) {
        return Math.min(shown, machines.size());
    }

    private static String count(int machines) {
        return machines == 1 ? "1 machine" : machines + " machines";
    }

    private void line(String line) {
        text.append(line).append(System.lineSeparator());
    }
}
