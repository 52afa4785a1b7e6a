// Reviewing: labels that somebody else made are accepted, fixed or rejected with the code of the
// error, and what they missed is added. The shapes on the stage are the proposals as their verdicts
// leave them; what is stored is the verdicts.

import { newId } from "../core/answers.js";
import { el, keyButton, press } from "../ui/dom.js";
import { BoxEditor } from "./box.js";
import { MaskEditor } from "./mask.js";

const DECISIONS = {
  accept: { key: "A", text: "Accept" },
  fix: { key: "C", text: "Fix", title: "Fix: any change of a label does" },
  reject: { key: "X", text: "Reject" },
};
const NAMES = Object.keys(DECISIONS);
/** The code of what nobody labelled. */
const MISSED = "E1";

/** The shapes of an answer by the answer, which is never changed in place. */
const reviewed = new WeakMap();

const shapeOf = (label, { id, decision, code, ms = 0, fix } = {}) => {
  const mark = decision && `${DECISIONS[decision].text} ${code ?? ""}`.trim();
  return { ...label, ...fix, id: label.id, ms, verdict: { id, decision, code, mark } };
};

/** A label without what a review knows of it. */
const bare = ({ verdict, ms, mode, ...label }) => label;
const alike = (a, b) =>
  Object.keys(b).every((name) => JSON.stringify(a[name]) === JSON.stringify(b[name]));

/** A mode that draws shapes, made to review them. */
const reviewing = (Shapes) =>
  class extends Shapes {
    get shapes() {
      const { item, answer } = this.session;
      const made = answer.annotations;
      if (!reviewed.has(answer)) {
        const labels = item.proposals.map((label) =>
          shapeOf(
            label,
            made.find(({ target }) => target === label.id),
          ),
        );
        const added = made.filter(({ target }) => target === null);
        const missed = added.map((verdict) => shapeOf({ id: verdict.id }, verdict));
        reviewed.set(answer, [...labels, ...missed]);
      }
      return reviewed.get(answer);
    }

    put(shapes, options) {
      const verdicts = shapes.map((shape) => this.#verdict(shape, options.mode));
      super.put(verdicts.filter(Boolean), options);
    }

    /** A change of a label is a fix. Returns whether it replaced a finished verdict, and says so. */
    change(id, change, mode, merge) {
      const before = this.shape(id);
      const was = before.verdict;
      super.change(id, { verdict: { ...was, decision: "fix" }, ...change }, mode, merge);
      const { decision, mark } = this.shape(id).verdict;
      const replaced = this.#settled(before) && was.mark !== mark;
      if (replaced && decision) this.say(`${was.mark} replaced by ${mark}: Ctrl+Z takes it back`);
      return replaced;
    }

    /** Takes a verdict back, or the object that was added. */
    remove(id = this.selected, mode = "keyboard") {
      const proposal = this.#proposal(id);
      if (!proposal) return super.remove(id, mode);
      this.change(id, { ...proposal, verdict: {} }, mode);
      this.say(`No verdict on ${this.noun} ${this.number(proposal)}`);
    }

    decide(decision, mode = "keyboard", id = this.selected) {
      const proposal = this.#reviewed(id);
      if (!proposal) return;
      const { verdict } = this.shape(id);
      const code = decision === "accept" ? null : verdict.code;
      const label = decision !== "fix" && bare(proposal);
      if (this.change(id, { ...label, verdict: { ...verdict, decision, code } }, mode)) return;
      if (decision !== "fix" && this.#settled(this.shape(id))) this.#goOn();
      else this.#ask(decision);
    }

    /** A number key: the reason. Without a decision yet, the label is to be fixed. */
    chooseLabel(name, mode) {
      if (!this.coded) return super.chooseLabel(name, mode);
      const { selected } = this;
      const proposal = this.#reviewed(selected);
      if (!proposal) return;
      const { verdict } = this.selectedShape;
      const decision = verdict.decision === "reject" ? "reject" : "fix";
      const [code] = name.split(" ");
      if (this.change(selected, { verdict: { ...verdict, decision, code } }, mode)) return;
      const same = decision === "fix" && alike(this.selectedShape, bare(proposal));
      this.#goOn(same && `Fix ${code} left ${this.noun} ${this.number(proposal)} as it was`);
    }

    finish(mode) {
      const open = this.shapes.filter((shape) => !this.#settled(shape));
      if (this.drawing || !open.length) return super.finish(mode);
      const [{ verdict }] = open;
      this.goTo(open[0]);
      if (verdict.decision) this.#ask(verdict.decision);
      else this.say(`${open.length} without a verdict: A accepts, C fixes, X rejects`);
    }

    /** Whether reasons are asked for. */
    get coded() {
      return this.spec.codes.length > 0;
    }

    get bar() {
      if (!this.coded) return super.bar;
      return { title: "Reasons", names: this.spec.codes, styles: null };
    }

    showLabel() {
      if (!this.coded) return super.showLabel();
      const code = this.selectedShape?.verdict.code;
      const chosen = this.spec.codes.filter((name) => name.startsWith(`${code} `));
      this.labels.show(chosen, "Reason");
    }

    get moreKeys() {
      const Verdict = NAMES.map((name) => {
        const { key, text, title = text } = DECISIONS[name];
        return [key, title, () => this.decide(name)];
      });
      Verdict.push(["L", "Class: the next one", () => this.#nextClass()]);
      return { ...super.moreKeys, Verdict };
    }

    measured(shape) {
      return `${super.measured(shape)}, ${shape.verdict?.mark ?? "no verdict"}`;
    }

    detail(id) {
      const { node, fill, focus } = super.detail(id);
      const buttons = NAMES.map((name) =>
        keyButton({ ...DECISIONS[name], onClick: () => this.decide(name, "list", id) }),
      );
      return {
        node: el("div", el("div.flags.verdicts", ...buttons), node),
        fill: (shape) => {
          fill(shape);
          for (const [at, name] of NAMES.entries()) {
            press(buttons[at], shape.verdict.decision === name);
          }
        },
        focus,
      };
    }

    build(root, signal) {
      // X rejects.
      delete this.tools.extreme;
      this.copiesOn = false;
      super.build(root, signal);
      this.setTool("select");
    }

    #proposal(id) {
      return this.session.item.proposals.find((label) => label.id === id);
    }

    /** The proposal of this id, or a word about what is missing. */
    #reviewed(id) {
      const proposal = this.#proposal(id);
      const added = `You added this ${this.noun}, ${MISSED}: Delete takes it back`;
      if (!proposal) this.say(id ? added : `Select a ${this.noun} first`);
      return proposal;
    }

    #settled({ verdict: { decision, code } }) {
      return decision === "accept" || (decision && (code || !this.coded));
    }

    #ask(decision) {
      if (!this.coded) return;
      const first = decision === "fix" ? `change the ${this.noun}, then ` : "";
      this.say(`${DECISIONS[decision].text}: ${first}which reason? Press its number`);
    }

    /** Selects the first label without a verdict, so that no key falls on a finished one. */
    #goOn(word) {
      const open = this.shapes.find((shape) => !this.#settled(shape));
      let now = "Every label has its verdict; add what was missed, then Enter";
      if (open) {
        this.goTo(open);
        now = this.describe(open);
      } else this.select(null);
      this.say(word ? `${word}. ${now}` : now);
    }

    /** Chooses the next class for the selected label, or for what is added next. */
    #nextClass() {
      const { classes, selectedShape: shape } = this;
      const at = classes.indexOf(shape?.label ?? this.label);
      this.label = classes[(at + 1) % classes.length];
      if (shape) this.change(shape.id, { label: this.label });
      else this.say(`Next ${this.noun}: ${this.label}`);
    }

    /** What is stored of a shape, or null where there is no verdict on it yet. */
    #verdict({ verdict, ...shape }, mode = "keyboard") {
      const { id, ms } = shape;
      const made = { type: "verdict", ms, mode };
      const proposal = this.#proposal(id);
      if (!proposal)
        return { ...made, id, target: null, decision: "fix", code: MISSED, fix: shape };
      if (!verdict?.decision) return null;
      const { decision, code = null } = verdict;
      const fixed = decision === "fix" && !alike(shape, bare(proposal));
      const fix = fixed ? { ...shape, ms: 0 } : null;
      return { ...made, id: verdict.id ?? newId(), target: id, decision, code, fix };
    }
  };

export const BoxReview = reviewing(BoxEditor);
export const MaskReview = reviewing(MaskEditor);
