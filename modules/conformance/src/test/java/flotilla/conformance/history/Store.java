package flotilla.conformance.history;

import flotilla.sim.model.Request;

/** One way to the store, as a client has it. Any thread may ask. */
interface Store {
    Outcome ask(Request request);
}
