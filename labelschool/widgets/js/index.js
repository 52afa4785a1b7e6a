// Entry of the bundle: one anywidget module for all modes.

import "./css/widgets.css";
import { BoxEditor } from "./modes/box.js";
import { FormEditor } from "./modes/form.js";
import { TagEditor } from "./modes/tag.js";

const MODES = { box: BoxEditor, tag: TagEditor, form: FormEditor };

export default {
  render({ model, el: root }) {
    const lifetime = new AbortController();
    const Mode = MODES[model.get("mode")];
    // The browser tests read here what a canvas does not tell.
    root.labelschool = new Mode(model, root, lifetime.signal);
    return () => lifetime.abort();
  },
};
