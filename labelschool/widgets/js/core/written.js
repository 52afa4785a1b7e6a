// The work of a widget without items: a value under each of a few names, which the kernel keeps as
// text files.

import { byName, Work } from "./work.js";

const PAUSE_MS = 600;

export class Written extends Work {
  constructor(model, signal) {
    super(model, signal, Object.keys(model.get("spec").empty));
  }

  empty(name) {
    return this.spec.empty[name];
  }

  /** Takes changes { name: { field: value } } as one step of history. */
  change(changes, options) {
    const changed = (name) => ({ ...this.held(name), ...changes[name] });
    this.commitAll(byName(Object.keys(changes), changed), options);
  }

  /** The same for what is typed in the go of writing `merge`: saved at a rest. */
  type(changes, merge, place) {
    this.change(changes, { merge, place, pause: PAUSE_MS });
  }
}
