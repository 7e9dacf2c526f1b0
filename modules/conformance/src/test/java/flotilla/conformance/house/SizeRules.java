package flotilla.conformance.house;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePathScanner;
import java.util.function.Consumer;
import javax.lang.model.element.Modifier;
import org.jspecify.annotations.Nullable;

/**
 * What fits on a screen fits in a head. The aims are 40 and 250 lines; these are the hard limits.
 */
final class SizeRules {
    /** Lines of a method, from its annotations to its brace. */
    static final int METHOD_LINES = 70;

    /** Lines of a file, tests too. */
    static final int FILE_LINES = 400;

    /** Parameters of a method or constructor; more of them are a record that has no name yet. */
    static final int PARAMETERS = 4;

    private SizeRules() {}

    static void check(Source source, Consumer<Finding> findings) {
        if (source.lines().size() > FILE_LINES) {
            findings.accept(
                    new Finding(
                            "file-lines",
                            source.name(),
                            1,
                            "%d lines, the limit is %d: find the second thing this class does and give it its own"
                                    .formatted(source.lines().size(), FILE_LINES)));
        }
        new Methods(source, findings).scan(source.unit(), null);
    }

    private static final class Methods extends TreePathScanner<@Nullable Void, @Nullable Void> {
        private final Source source;
        private final Consumer<Finding> findings;

        Methods(Source source, Consumer<Finding> findings) {
            this.source = source;
            this.findings = findings;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void unused) {
            ClassTree owner = (ClassTree) getCurrentPath().getParentPath().getLeaf();
            String at = source.name() + "#" + memberName(method, owner);
            long lines = source.lastLine(method) - source.line(method) + 1;
            if (lines > METHOD_LINES) {
                findings.accept(
                        new Finding(
                                "method-lines",
                                at,
                                source.line(method),
                                "%d lines, the limit is %d: name the steps and make them methods"
                                        .formatted(lines, METHOD_LINES)));
            }
            int parameters = method.getParameters().size();
            if (parameters > PARAMETERS
                    && !isRecordConstructor(method, owner)
                    && !isGiven(method)) {
                findings.accept(
                        new Finding(
                                "parameters",
                                at,
                                source.line(method),
                                "%d parameters, the limit is %d: those that travel together are a record"
                                        .formatted(parameters, PARAMETERS)));
            }
            return super.visitMethod(method, null);
        }

        private static String memberName(MethodTree method, ClassTree owner) {
            String name = method.getName().toString();
            return name.equals("<init>") ? owner.getSimpleName().toString() : name;
        }

        private static boolean isRecordConstructor(MethodTree method, ClassTree owner) {
            return owner.getKind() == Tree.Kind.RECORD && method.getName().contentEquals("<init>");
        }

        /**
         * An override's and a native call's parameters were chosen by somebody else; those of a
         * parameterized test are the columns of its table.
         */
        private static boolean isGiven(MethodTree method) {
            return method.getModifiers().getFlags().contains(Modifier.NATIVE)
                    || method.getModifiers().getAnnotations().stream()
                            .map(annotation -> annotation.getAnnotationType().toString())
                            .anyMatch(name ->
                                    name.equals("Override") || name.equals("ParameterizedTest"));
        }
    }
}
