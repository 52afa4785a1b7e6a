// The guideline mode: rules as cards. What keeps a rule from deciding and what changed since the
// version before, the kernel tells after each save.

import { Written } from "../core/written.js";
import { bind } from "../ui/codefield.js";
import { button, el } from "../ui/dom.js";
import { frame } from "../ui/frame.js";
import { historyButtons } from "../ui/history.js";

/** The field that the spec tells: its name, label, hint, and what is to choose from. */
const field = ([name, label, placeholder, choices], onInput) => {
  const control = choices
    ? el("select.select", ...["", ...choices].map((value) => el("option", { value }, value || "–")))
    : el("textarea.text", { rows: 1, placeholder });
  const show = bind(control, (text, go) => onInput({ [name]: text }, `${name}/${go}`));
  return {
    node: el("label.guide-field", el("span", label), control),
    show: (of) => show(of[name]),
  };
};

export class GuidelineEditor {
  constructor(model, root, signal) {
    const work = new Written(model, signal);
    this.session = work;
    const { spec } = work;
    const cards = new Map();
    let checked = { faults: {}, marks: {}, changes: "" };
    /** The number of the rule at hand. */
    let at = null;

    const held = () => work.held("guideline");
    const index = () => held().rules.findIndex(({ number }) => number === at);
    const change = (guideline, place) => work.change({ guideline }, { place });

    /** Goes to another rule. */
    const step = (by, from = index()) => {
      const { children } = list;
      children[Math.min(children.length - 1, Math.max(0, from + by))]?.firstChild.focus();
    };
    /** Opens a rule to be written. */
    const open = (number) => {
      const node = cards.get(number)?.node;
      if (!node?.isConnected) return;
      node.open = true;
      node.querySelector("textarea").focus();
    };
    /** A rule with a number that no other ever had, behind the one at hand. */
    const add = () => {
      const { rules } = held();
      const number = Math.max(0, ...cards.keys()) + 1;
      const rule = { ...spec.rule, number };
      change({ rules: rules.toSpliced(index() + 1 || rules.length, 0, rule) }, number);
      open(number);
    };
    const move = (by) => {
      const { rules } = held();
      const from = index();
      if (!rules[from] || !rules[from + by]) return;
      change({ rules: rules.with(from, rules[from + by]).with(from + by, rules[from]) }, at);
    };
    const remove = () => {
      const from = index();
      if (from < 0) return;
      work.say(`Rule ${at} is deleted.`);
      change({ rules: held().rules.toSpliced(from, 1) }, at);
      step(0, from);
    };
    const acts = [
      ["up", "Move the rule up", "Alt+ArrowUp", () => move(-1)],
      ["down", "Move it down", "Alt+ArrowDown", () => move(1)],
      ["trash", "Delete the rule", "Delete", remove],
    ];

    const card = (number) => {
      const name = el("strong");
      const short = el("span.rule-short");
      const mark = el("span.rule-mark");
      const fault = el("p.fault");
      const fields = spec.fields.map((told) =>
        field(told, (changed, go) => {
          const rules = held().rules.map((rule) =>
            rule.number === number ? { ...rule, ...changed } : rule,
          );
          work.type({ guideline: { rules } }, `${number}/${go}`, number);
        }),
      );
      const buttons = acts.map(([iconName, title, key, onClick]) =>
        button({ iconName, title, key, onClick }),
      );
      const node = el(
        "details.rule-card",
        el("summary", name, short, mark),
        ...fields.map((one) => one.node),
        fault,
        el("div.actions", ...buttons),
      );
      node.addEventListener("focusin", () => {
        at = number;
      });
      const show = (rule) => {
        for (const one of fields) one.show(rule);
        name.textContent = `${number} ${rule.name}`;
        short.textContent = rule.when ? `${rule.when}: ${rule.then}` : rule.short;
        mark.textContent = checked.marks[number] ?? "";
        fault.textContent = checked.faults[number] ?? "";
      };
      return { node, show };
    };

    const fields = [spec.above, spec.below].map((told) =>
      told.map((one) => field(one, (changed, go) => work.type({ guideline: changed }, go))),
    );
    const [above, below] = fields.map((some) => some.map(({ node }) => node));
    const list = el("div.rule-cards", { tabIndex: -1, role: "group", "aria-label": "Rules" });
    const fault = el("p.fault");
    const version = el("h3");
    const changes = el("div.changes", { role: "region", "aria-label": "Changes", tabIndex: 0 });

    const draw = () => {
      const value = held();
      for (const one of fields.flat()) one.show(value);
      version.textContent = `Changes in version ${value.version}`;
      fault.textContent = checked.faults[0] ?? "";
      changes.innerHTML = checked.changes;
      for (const rule of value.rules) {
        const { number } = rule;
        if (!cards.has(number)) cards.set(number, card(number));
        cards.get(number).show(rule);
      }
      const nodes = value.rules.map(({ number }) => cards.get(number).node);
      // A field that is moved loses what the browser knows of it, so none is without need.
      if (nodes.length === list.children.length && nodes.every((n, at) => n === list.children[at]))
        return;
      const focused = document.activeElement;
      const within = list.contains(focused);
      list.replaceChildren(...nodes);
      // The keys stay here when the rule that had them is gone.
      if (within) (list.contains(focused) ? focused : list).focus({ preventScroll: true });
    };

    const next = () => change({ version: held().version + 1, note: "" });
    frame(root, work, signal, {
      name: "guideline editor",
      nav: el(
        "div.nav",
        button({ text: "New rule", iconName: "plus", key: "Alt+Enter", onClick: add }),
        button({ text: "Next version", title: "Keep this version and begin one", onClick: next }),
        ...historyButtons(work),
      ),
      main: [
        el(
          "div.guide",
          el("div", ...above, el("p.hint", spec.hint), list, ...below, fault),
          el("section", version, changes),
        ),
      ],
      focusTarget: list,
      typing: true,
      keys: {
        Rules: [
          ["N", "Next rule", () => step(1)],
          ["Shift+N", "Rule before", () => step(-1)],
          ["Enter", "Open or close the rule"],
          ["Alt+Enter A", "New rule", add],
          ...acts.map(([, title, key, act]) => [key, title, act]),
        ],
      },
    });
    work.link.on(["checked"], (message) => {
      checked = message;
      draw();
    });
    work.on("answers", draw);
    work.on("place", open);
    work.start();
  }

  get ready() {
    return this.session.loaded;
  }
}
