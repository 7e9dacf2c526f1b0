package flotilla.conformance.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.AnnotationTree;
import flotilla.conformance.Checkout;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** STYLE.md, as far as a machine can read it. */
class TidyTest {
    private static final Checkout CHECKOUT = Checkout.here();
    private static final List<Source> SOURCES = Source.all(CHECKOUT);

    @Test
    void methods_files_and_parameter_lists_keep_their_limits() {
        assertTidy(each(SizeRules::check));
    }

    @Test
    void names_mean_something_and_nothing_is_left_half_done() {
        assertTidy(each(WordRules::check));
    }

    @Test
    void text_holds_no_note_of_unfinished_work_and_no_path_of_somebodys_machine() {
        List<Finding> findings = new ArrayList<>();
        for (Path file : CHECKOUT.files(name -> true)) {
            WordRules.checkText(CHECKOUT.name(file), textOf(file), findings::add);
        }
        assertTidy(findings);
    }

    @Test
    void every_file_belongs_to_a_room() {
        List<Finding> findings = new ArrayList<>();
        for (Path file : CHECKOUT.files(name -> !Places.knows(name))) {
            findings.add(
                    new Finding(
                            "place",
                            CHECKOUT.name(file),
                            1,
                            "belongs to no room: move it to one, delete it, or give its kind a"
                                    + " line in Places"));
        }
        assertTidy(findings);
    }

    @Test
    void links_in_the_documents_lead_somewhere() throws IOException {
        List<Finding> findings = new ArrayList<>();
        for (Path file : CHECKOUT.files(name -> name.endsWith(".md"))) {
            Links.check(file, CHECKOUT.name(file), findings::add);
        }
        assertTidy(findings);
    }

    @Test
    void every_package_says_what_it_owns_and_is_null_marked() {
        Set<String> marked =
                SOURCES.stream()
                        .filter(source -> source.fileName().equals("package-info.java"))
                        .filter(TidyTest::isNullMarked)
                        .map(Source::packageName)
                        .collect(Collectors.toSet());
        Set<Finding> findings = new LinkedHashSet<>();
        for (Source source : SOURCES) {
            if (!source.isExample() && !marked.contains(source.packageName())) {
                findings.add(
                        new Finding(
                                "package-info",
                                source.folder(),
                                1,
                                "package "
                                        + source.packageName()
                                        + " needs a package-info.java with @NullMarked that says what it"
                                        + " owns, what it must never know and which class to read first"));
            }
        }
        assertTidy(List.copyOf(findings));
    }

    @Test
    void every_exception_is_still_needed() {
        Exceptions exceptions = Exceptions.read();
        List<Finding> findings = each(SizeRules::check);
        findings.addAll(each(WordRules::check));
        for (Path file : CHECKOUT.files(name -> true)) {
            WordRules.checkText(CHECKOUT.name(file), textOf(file), findings::add);
        }
        findings.forEach(exceptions::excuses);

        assertThat(exceptions.unused())
                .as("lines of tidy-exceptions.txt that excuse nothing any more: delete them")
                .isEmpty();
    }

    private static List<Finding> each(BiConsumer<Source, Consumer<Finding>> rule) {
        assertThat(SOURCES).isNotEmpty();
        List<Finding> findings = new ArrayList<>();
        SOURCES.forEach(source -> rule.accept(source, findings::add));
        return findings;
    }

    private static void assertTidy(List<Finding> findings) {
        Exceptions exceptions = Exceptions.read();
        List<String> left =
                findings.stream()
                        .filter(finding -> !exceptions.excuses(finding))
                        .map(Finding::toString)
                        .toList();
        assertThat(left)
                .as(
                        "house rules of STYLE.md (an exception needs a line with its reason in"
                                + " tidy-exceptions.txt)")
                .isEmpty();
    }

    private static boolean isNullMarked(Source source) {
        return source.unit().getPackageAnnotations().stream()
                .map(AnnotationTree::getAnnotationType)
                .anyMatch(type -> type.toString().endsWith("NullMarked"));
    }

    /** The lines of a text file; none for a binary one. */
    private static List<String> textOf(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (MalformedInputException binary) {
            return List.of();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("reading " + file, e);
        }
    }
}
