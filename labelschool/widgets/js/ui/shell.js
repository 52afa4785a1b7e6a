// The frame of an annotator: the place among the items, the clock, escalation and done.

import { clock } from "../core/words.js";
import { escalateDialog } from "./dialogs.js";
import { button, clickMode, el, icon, rowButton } from "./dom.js";
import { frame } from "./frame.js";
import { itemList } from "./itemlist.js";

const escalatedWords = (escalate) => `Escalated${escalate?.rule ? `, rule ${escalate.rule}` : ""}`;

/** Touches the active clock at every sign of life, and stops it while the page is hidden. */
const watchActivity = (root, session, signal) => {
  const { timer } = session;
  const options = { signal, passive: true, capture: true };
  for (const event of ["pointerdown", "pointermove", "keydown", "wheel", "input"]) {
    root.addEventListener(event, () => timer.touch(), options);
  }
  const pause = () => document.hidden && timer.pause();
  document.addEventListener("visibilitychange", pause, options);
};

/**
 * Builds the frame of an annotator (see `frame`) with its strip of items; `main` stands below that,
 * `finish(mode)` ends an item.
 */
export const shell = (root, session, signal, { main, focusTarget, keys, finish }) => {
  const { spec } = session;
  const position = el("span.position");
  const progress = el("span.progress");
  const spentWords = "Active time in this exercise";
  const spent = el("span.time", { role: "timer", title: spentWords, "aria-label": spentWords });
  const escalated = el("span.escalated", { hidden: true });

  const escalate = (event) => {
    const mode = clickMode(event);
    escalateDialog(root, spec.rules, session.answer.escalate, (escalate) => {
      session.commit({ escalate }, { mode });
      session.say(escalate ? escalatedWords(escalate) : "Escalation withdrawn");
    });
  };
  const go = (step) => session.go(session.index + step);

  const done = [
    "Enter",
    "Done, and on to the next item",
    (event) => finish(clickMode(event)),
    { icon: "check" },
  ];
  const next = ["] PageDown", "Next item", () => go(1), { repeat: true, icon: "right" }];
  const before = ["[ PageUp", "Item before", () => go(-1), { repeat: true, icon: "left" }];
  const query = ["E", "Escalate with a rule number", escalate, { icon: "flag" }];
  const doneButton = rowButton(done, { text: "Done, next", className: "ls-primary" });
  const reopen = button({
    text: "Reopen",
    title: "Mark this item as not done",
    onClick: (event) => session.commit({ done: false }, { mode: clickMode(event) }),
  });
  const escalateButton = rowButton(query, { text: "Escalate" });
  frame(root, session, signal, {
    name: "annotator",
    nav: el("div.nav", rowButton(before), position, rowButton(next)),
    meta: [progress, spent],
    main: [itemList(session), main],
    actions: [escalated, el("div.actions", escalateButton, reopen, doneButton)],
    focusTarget,
    keys: {
      ...keys,
      Items: [done, next, before, ...(keys.Items ?? []), query],
    },
  });

  const draw = () => {
    const { answer } = session;
    position.textContent = `${session.index + 1} of ${session.items.length}`;
    progress.textContent = `${session.doneCount} done`;
    doneButton.lastChild.textContent = answer.done ? "Next" : "Done, next";
    reopen.hidden = !answer.done;
    escalated.hidden = !answer.escalate;
    escalated.replaceChildren(icon("flag"), escalatedWords(answer.escalate));
  };
  session.on("answers", draw);
  session.on("item", draw);
  const tick = () => {
    spent.replaceChildren(icon("clock"), clock((session.exerciseMs || 0) / 1000));
    spent.classList.toggle("ls-idle", !session.timer.running);
  };
  const ticking = setInterval(tick, 1000);
  session.on("item", tick);
  signal.addEventListener("abort", () => clearInterval(ticking));
  watchActivity(root, session, signal);
  draw();
};
