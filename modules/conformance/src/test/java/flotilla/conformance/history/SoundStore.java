package flotilla.conformance.history;

import flotilla.sim.check.Model;
import flotilla.sim.model.Answer;
import flotilla.sim.model.Contents;
import flotilla.sim.model.Request;
import flotilla.sim.model.StoreModel;

/** A store that does one thing after the other, in memory. */
final class SoundStore implements Store {
    private final StoreModel model = new StoreModel();
    private Contents contents = model.initial();

    @Override
    public synchronized Outcome ask(Request request) {
        Model.Step<Contents, Answer> step = model.step(contents, request);
        contents = step.state();
        return new Outcome.Told(step.answer());
    }
}
