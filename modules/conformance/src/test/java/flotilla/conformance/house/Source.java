package flotilla.conformance.house;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.Trees;
import flotilla.conformance.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * One parsed Java file of the repository.
 *
 * @param name its path in the repository
 */
record Source(
        String name, CompilationUnitTree unit, SourcePositions positions, List<String> lines) {
    /** Parses every Java file of the checkout, without resolving anything. */
    static List<Source> all(Checkout checkout) {
        List<Path> files = checkout.files(name -> name.endsWith(".java"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager =
                compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
            JavacTask task =
                    (JavacTask)
                            compiler.getTask(
                                    null,
                                    manager,
                                    null,
                                    List.of("-proc:none"),
                                    null,
                                    manager.getJavaFileObjectsFromPaths(files));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            List<Source> parsed = new ArrayList<>();
            for (CompilationUnitTree unit : task.parse()) {
                Path file = Path.of(unit.getSourceFile().toUri());
                List<String> lines =
                        unit.getSourceFile().getCharContent(true).toString().lines().toList();
                parsed.add(new Source(checkout.name(file), unit, positions, lines));
            }
            return parsed;
        } catch (IOException e) {
            throw new UncheckedIOException("parsing the sources of " + checkout.root(), e);
        }
    }

    String fileName() {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    String folder() {
        return name.substring(0, name.lastIndexOf('/'));
    }

    boolean isTest() {
        return name.contains("/src/test/");
    }

    /** Example programs are single files for {@code java File.java}, in no package. */
    boolean isExample() {
        return name.startsWith("examples/");
    }

    /** The package's name; empty for the unnamed one. */
    String packageName() {
        return unit.getPackageName() == null ? "" : unit.getPackageName().toString();
    }

    long line(Tree tree) {
        return unit.getLineMap().getLineNumber(positions.getStartPosition(unit, tree));
    }

    long lastLine(Tree tree) {
        return unit.getLineMap().getLineNumber(positions.getEndPosition(unit, tree));
    }

    List<ClassTree> topLevel() {
        return unit.getTypeDecls().stream()
                .filter(ClassTree.class::isInstance)
                .map(ClassTree.class::cast)
                .toList();
    }
}
