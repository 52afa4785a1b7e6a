// The preference mode: which of two answers is better by how much, by each criterion and on the
// whole, the words that decide, and the reason.

import { titled } from "../ui/texts.js";
import { Judging } from "./judging.js";

const WORDS = ["far better", "better", "slightly better"];
const EQUAL = WORDS.length;

export class PreferenceEditor extends Judging {
  constructor(model, root, signal) {
    super(model, signal);
    const { answers, criteria } = this.session.spec;
    const [first, second] = answers.map((name) => WORDS.map((words) => `${titled(name)} ${words}`));
    const classes = [...first, "equal", ...second.reverse()];
    this.questions = [...criteria, null].map((name) => ({
      name,
      text: name ? titled(name) : "Overall",
      classes,
      choosing: "ordinal",
    }));
    const blank = { type: "preference", step: null, criteria: {}, evidence: [] };
    this.build(root, signal, { blank, columns: classes });
  }

  of({ name, classes }) {
    const { step, criteria } = this.record;
    const held = name ? criteria[name] : step;
    return { labels: held == null ? [] : [classes[held + EQUAL]] };
  }

  take({ name, classes }, words, mode) {
    const step = classes.indexOf(words) - EQUAL;
    const criteria = { ...this.record.criteria, [name]: step };
    this.save(name ? { criteria } : { step }, { mode });
  }
}
