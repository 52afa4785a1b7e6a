// What preference and ranking share: several answers to one task side by side, questions about them,
// and the reason in words. An item has one annotation, the record of all that.

import { el, keycap } from "../ui/dom.js";
import { questionRows } from "../ui/questions.js";
import { shell } from "../ui/shell.js";
import { textsOf, titled } from "../ui/texts.js";
import { Asking } from "./asking.js";
import { spanMarking } from "./marking.js";

const EVIDENCE = "evidence";

/** A mode gives what `Asking` asks for. */
export class Judging extends Asking {
  #visit = 0;

  get record() {
    return this.session.answer.annotations[0] ?? this.blank;
  }

  save(change, options) {
    const { record, session } = this;
    const { mode } = options;
    const next = { ...record, ...change, ms: record.ms + session.lap(), mode };
    session.commit({ annotations: [next] }, options);
  }

  /**
   * `blank` is what a record of the mode holds before anything is said, `columns` stand above the
   * buttons of the questions, `keys` are those of the mode.
   */
  build(root, signal, { blank, columns, keys = [] }) {
    const { session } = this;
    const { answers, evidence, rationale } = session.spec;
    const common = { id: blank.type, rationale: "", shown: answers, ms: 0, mode: "mouse" };
    this.blank = { ...blank, ...common };
    this.marking = spanMarking({
      session,
      signal,
      classes: [EVIDENCE],
      noun: EVIDENCE,
      plural: EVIDENCE,
      how: "M marks it as evidence",
      hint: `Select the words that decide in ${answers.map(titled).join(" or ")} and press M.`,
      label:
        "Task and answers. Number keys answer the question at hand, Q goes to the next one, arrows " +
        "move the caret, question mark shows all keys.",
      read: () => this.record.evidence ?? [],
      write: (spans, options) => this.save({ evidence: spans }, options),
    });
    const { reader, list } = this.marking;
    reader.host.classList.add("ls-pair");
    this.rows = questionRows({ on: this });
    this.#reasonField();
    const words = el("div", ...columns.map((word) => el("span", word)));
    const head = el("div.question-row.steps-head", { "aria-hidden": "true" }, el("span"), words);
    const judged = el("div.judged", head, this.rows.node);
    judged.style.setProperty("--ls-columns", columns.length);
    const { Caret, Spans } = this.marking.keys;
    const mark = () => this.marking.add(EVIDENCE, "keyboard");
    shell(root, session, signal, {
      main: el(
        "div.main",
        reader.host,
        el("div.judging", judged, this.reasoning, evidence ? list.node : null),
      ),
      focusTarget: reader.host,
      keys: {
        Judgement: [
          ...this.askingKeys(),
          ...keys,
          ...(rationale === null ? [] : [["R", "Write the reason", () => this.reason.focus()]]),
        ],
        ...(evidence ? { Evidence: [["M", "Mark the selected words", mark], ...Spans] } : {}),
        Caret,
        Items: [],
        General: [["Escape", "Unselect, leave", () => this.marking.escape()]],
      },
      finish: (mode) => this.finish(mode),
    });
    this.start();
  }

  missing() {
    const open = super.missing();
    const short = (this.session.spec.rationale ?? 0) - this.record.rationale.trim().length;
    if (open || short <= 0) return open;
    this.reason.focus();
    return `Say why: ${short} more characters`;
  }

  show() {
    const { item, spec } = this.session;
    const { answers, tests } = spec;
    const others = Object.keys(item.fields).filter((name) => ![...answers, tests].includes(name));
    const fields = [...spec.fields, ...others, ...answers];
    this.#visit += 1;
    this.marking.show(
      textsOf(item, { ...spec, fields }).map((text) => {
        const answer = answers.includes(text.name);
        return { ...text, marks: spec.evidence && answer, className: answer ? "ls-answer" : "" };
      }),
    );
    this.rows.fill(this.questions);
  }

  refresh() {
    const { rationale } = this.record;
    const least = this.session.spec.rationale;
    if (this.reason.value !== rationale) this.reason.value = rationale;
    this.length.textContent = least
      ? `${rationale.trim().length} of at least ${least} characters`
      : "";
    this.marking.refresh();
    super.refresh();
  }

  /** What is typed at one visit of the field is one step of undo. */
  #reasonField() {
    this.length = el("span.hint");
    this.reason = el("textarea.text", {
      rows: 3,
      onfocus: () => {
        this.#visit += 1;
      },
      oninput: () =>
        this.save(
          { rationale: this.reason.value },
          { mode: "keyboard", merge: `reason ${this.#visit}`, pause: 300 },
        ),
    });
    this.reasoning = el("label.reason", el("span", "Why? ", keycap("R"), this.length), this.reason);
    this.reasoning.hidden = this.session.spec.rationale === null;
  }
}
