package flotilla.conformance.house;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.CatchTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.util.TreeScanner;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names that say nothing, and words and calls that mean "not finished". */
final class WordRules {
    private static final Pattern EMPTY_NAMES =
            Pattern.compile(
                    ".+(Impl|Manager|Utils?|Helpers?|Common|Misc)|(Abstract|Base)[A-Z].*|I[A-Z][a-z].+Impl");

    /** Put together so that this file does not find itself. */
    private static final Pattern UNFINISHED =
            Pattern.compile("\\b(TO" + "DO|FIX" + "ME|X" + "XX|HA" + "CK)\\b");

    /** Home directories, work trees and private registries of whoever wrote the line. */
    private static final Pattern SOMEBODYS_MACHINE =
            Pattern.compile(
                    "(?<![\\w.$}])/(home/(?!core\\b|you\\b)\\w+|Users/\\w+|work/\\w+|root/\\w+)");

    private WordRules() {}

    static void check(Source source, Consumer<Finding> findings) {
        new Calls(source, findings).scan(source.unit(), null);
    }

    /** Checks that hold for every text file, code or not. */
    static void checkText(String name, List<String> lines, Consumer<Finding> findings) {
        for (int i = 0; i < lines.size(); i++) {
            if (UNFINISHED.matcher(lines.get(i)).find()) {
                findings.accept(
                        new Finding(
                                "unfinished",
                                name,
                                i + 1L,
                                "a note of unfinished work: finish it, or open an issue and drop the note"));
            }
            if (SOMEBODYS_MACHINE.matcher(lines.get(i)).find()) {
                findings.accept(
                        new Finding(
                                "machine-path",
                                name,
                                i + 1L,
                                "an absolute path of one machine: make it relative or a parameter"));
            }
        }
    }

    private static final class Calls extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final Source source;
        private final Consumer<Finding> findings;

        Calls(Source source, Consumer<Finding> findings) {
            this.source = source;
            this.findings = findings;
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable Void unused) {
            String name = type.getSimpleName().toString();
            if (EMPTY_NAMES.matcher(name).matches()) {
                findings.accept(
                        new Finding(
                                "empty-name",
                                source.name(),
                                source.line(type),
                                name
                                        + " says nothing about its job: use the domain's noun, or move the code to the thing it serves"));
            }
            return super.visitClass(type, null);
        }

        @Override
        public @Nullable Void visitCatch(CatchTree handler, @Nullable Void unused) {
            if (handler.getBlock().getStatements().isEmpty()) {
                findings.accept(
                        new Finding(
                                "empty-catch",
                                source.name(),
                                source.line(handler),
                                "an error dropped without a word: handle it, log it, or return the value that means it"));
            }
            return super.visitCatch(handler, null);
        }

        @Override
        public @Nullable Void visitMethodInvocation(
                MethodInvocationTree call, @Nullable Void unused) {
            if (source.isTest() && call.getMethodSelect().toString().equals("Thread.sleep")) {
                findings.accept(
                        new Finding(
                                "sleep",
                                source.name(),
                                source.line(call),
                                "a test that sleeps is slow or wrong: await the condition (Awaitility)"));
            }
            return super.visitMethodInvocation(call, null);
        }

        @Override
        public @Nullable Void visitAnnotation(AnnotationTree annotation, @Nullable Void unused) {
            if (annotation.getAnnotationType().toString().equals("Disabled")) {
                findings.accept(
                        new Finding(
                                "disabled",
                                source.name(),
                                source.line(annotation),
                                "a test that never runs proves nothing: mend it, delete it, or assume with a reason"));
            }
            return super.visitAnnotation(annotation, null);
        }
    }
}
