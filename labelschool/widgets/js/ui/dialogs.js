// Dialogs over the page: the key card, the rules of the guideline, and escalation with one of them.

import { mayLeave } from "../core/keymap.js";
import { button, el, keycap, refocus } from "./dom.js";

/** A modal dialog inside the annotator, closed by Escape or a click beside it. */
const dialog = (root, title, kind, ...content) => {
  const close = () => node.close();
  const node = el(
    `dialog.dialog.${kind}`,
    { "aria-label": title },
    el(
      "div.dialog-head",
      el("h2", title),
      button({ text: "Close", title: "Close", key: "Escape", onClick: close }),
    ),
    ...content,
  );
  node.addEventListener("click", (event) => event.target === node && close());
  node.addEventListener("close", () => {
    node.remove();
    refocus(root);
  });
  // Keys meant for the dialog are neither the annotator's nor the notebook's; Escape closes it.
  node.addEventListener("keydown", (event) => mayLeave(event, false) || event.stopPropagation());
  root.append(node);
  node.showModal();
  return node;
};

const GLYPHS = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓" };

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
      "div.key-row",
      el("span.caps", ...caps.map((key) => keycap(glyph(key)))),
      el("span", help),
    );
  };
  const columns = Object.entries(groups).map(([name, rows]) =>
    el("section", el("h3", name), ...rows.filter(([, help]) => help).map(line)),
  );
  dialog(root, "Keys", "keycard", el("div.key-columns", ...columns));
};

const ruleWords = ([rule, sentence]) => [el("strong", rule ?? "–"), el("span", sentence)];

/** The rules to read, outside of any decision. */
export const rulesCard = (root, { guideline, rules }) => {
  const rows = rules.map((rule) => el("div.rule", ...ruleWords(rule)));
  dialog(root, `Rules, ${guideline}`, "escalate", el("div.rules", el("div.rule-list", ...rows)));
};

/** `onDone(escalation or null)`: the rule the question turns on and a note. */
export const escalateDialog = (root, rules, current, onDone) => {
  const finish = (escalation) => {
    onDone(escalation);
    node.close();
  };
  const note = el("input.text", {
    placeholder: "What is the question? (optional)",
    value: current?.note ?? "",
    maxLength: 300,
    "aria-label": "Note",
  });
  const options = [...rules, [null, "No rule decides it"]].map(([rule, sentence]) =>
    el(
      "button.rule",
      {
        type: "button",
        "aria-current": String(current?.rule === rule),
        onclick: () => finish({ rule, note: note.value.trim() }),
      },
      ...ruleWords([rule, sentence]),
    ),
  );
  const numbers = rules.map(([rule]) => String(rule));
  let typed = "";
  const onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      options.at((options.indexOf(event.target) + step) % options.length).focus();
    }
    if (/^\d$/.test(event.key)) {
      typed = numbers.includes(typed + event.key) ? typed + event.key : event.key;
      options[numbers.indexOf(typed)]?.focus();
    }
  };
  const list = el(
    "div.rules",
    { onkeydown },
    el("div.rule-list", ...options.slice(0, -1)),
    options.at(-1),
  );
  const node = dialog(
    root,
    "Escalate this item",
    "escalate",
    el("p.hint", "Which rule does the question turn on? Type its number or click it."),
    note,
    list,
    current && button({ text: "Withdraw the escalation", onClick: () => finish(null) }),
  );
  (options[rules.findIndex(([rule]) => rule === current?.rule)] ?? options[0]).focus();
};
