// Dialogs over the page: the key card, and escalation with a rule of the guideline.

import { mayLeave } from "../core/keymap.js";
import { button, el, keycap } from "./dom.js";

/** A modal dialog inside the annotator, closed by Escape or a click beside it. */
const dialog = (root, title, className, ...content) => {
  const close = () => node.close();
  const node = el(
    "dialog",
    { className: `ls-dialog ${className}`, "aria-label": title },
    el(
      "div",
      { className: "ls-dialog-head" },
      el("h2", { textContent: title }),
      button({ text: "Close", title: "Close", key: "Escape", onClick: close }),
    ),
    ...content,
  );
  node.addEventListener("click", (event) => event.target === node && close());
  node.addEventListener("close", () => {
    node.remove();
    root.dispatchEvent(new CustomEvent("ls-refocus"));
  });
  // Keys meant for the dialog are neither the annotator's nor the notebook's; Escape closes it.
  node.addEventListener("keydown", (event) => mayLeave(event, false) || event.stopPropagation());
  root.append(node);
  node.showModal();
  return node;
};

const GLYPHS = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
};

const isMac = /Mac|iP/.test(navigator.platform);

const glyph = (chord) =>
  chord
    .split(/\+(?=.)/)
    .map((key) => (isMac && key === "Ctrl" ? "⌘" : (GLYPHS[key] ?? key)))
    .join(" ");

export const keyCard = (root, groups) => {
  const line = ([keys, help, , { shown } = {}]) => {
    const caps = String(shown ?? keys).split(" ");
    return el(
      "div",
      { className: "ls-key-row" },
      el("span", { className: "ls-caps" }, ...caps.map((key) => keycap(glyph(key)))),
      el("span", { textContent: help }),
    );
  };
  const columns = Object.entries(groups).map(([name, rows]) =>
    el(
      "section",
      {},
      el("h3", { textContent: name }),
      ...rows.filter(([, help]) => help).map(line),
    ),
  );
  dialog(root, "Keys", "ls-keycard", el("div", { className: "ls-key-columns" }, ...columns));
};

/** `onDone(escalation or null)`: the rule the question turns on and a note. */
export const escalateDialog = (root, rules, current, onDone) => {
  const finish = (escalation) => {
    onDone(escalation);
    node.close();
  };
  const note = el("input", {
    className: "ls-text",
    placeholder: "What is the question? (optional)",
    value: current?.note ?? "",
    maxLength: 300,
    "aria-label": "Note",
  });
  const choose = (rule) => finish({ rule, note: note.value.trim() });
  const options = rules.map(([number, sentence]) =>
    el(
      "button",
      {
        type: "button",
        className: "ls-rule",
        "aria-current": String(current?.rule === number),
        onclick: () => choose(number),
      },
      el("strong", { textContent: number }),
      el("span", { textContent: sentence }),
    ),
  );
  const none = el(
    "button",
    { type: "button", className: "ls-rule", onclick: () => choose(null) },
    el("strong", { textContent: "–" }),
    el("span", { textContent: "No rule decides it" }),
  );
  const list = el(
    "div",
    { className: "ls-rules" },
    el("div", { className: "ls-rule-list" }, ...options),
    none,
  );
  const all = [...options, none];
  let typed = "";
  list.addEventListener("keydown", (event) => {
    const at = all.indexOf(event.target);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      all[(at + step + all.length) % all.length].focus();
    }
    if (/^\d$/.test(event.key)) {
      const numbers = rules.map(([number]) => String(number));
      typed = numbers.includes(typed + event.key) ? typed + event.key : event.key;
      options[numbers.indexOf(typed)]?.focus();
    }
  });
  const node = dialog(
    root,
    "Escalate this item",
    "ls-escalate",
    el("p", {
      className: "ls-hint",
      textContent: "Which rule does the question turn on? Type its number or click it.",
    }),
    note,
    list,
    current
      ? button({ text: "Withdraw the escalation", title: "Withdraw", onClick: () => finish(null) })
      : "",
  );
  (all[rules.findIndex(([number]) => number === current?.rule)] ?? all[0]).focus();
};
