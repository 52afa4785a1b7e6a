// The frame around every annotator: header, item strip, banners, status line, keys and focus.

import { guardKeys, isTyping, Keymap } from "../core/keymap.js";
import { banners, saveIndicator } from "./banners.js";
import { escalateDialog, keyCard } from "./dialogs.js";
import { button, clickMode, el, icon } from "./dom.js";
import { itemList } from "./itemlist.js";

const clock = (ms) => {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
};

/** Touches the active clock at every sign of life, and stops it while the page is hidden. */
const watchActivity = (root, session, signal) => {
  const touch = () => session.timer.touch();
  for (const event of ["pointerdown", "pointermove", "keydown", "wheel", "input"]) {
    root.addEventListener(event, touch, { signal, passive: true, capture: true });
  }
  document.addEventListener("visibilitychange", () => document.hidden && session.timer.pause(), {
    signal,
  });
};

/**
 * Builds the frame into `root`. `focusTarget` is the element that takes the keys, `main` what stands
 * below the strip, `keys` the mode's keys by group (see Keymap), `finish(mode)` ends an item.
 */
export const shell = (root, session, signal, { main, focusTarget, keys, finish }) => {
  const { spec } = session;
  const position = el("span", { className: "ls-position" });
  const progress = el("span", { className: "ls-progress" });
  const spentWords = "Active time in this exercise";
  const spent = el("span", {
    className: "ls-time",
    role: "timer",
    title: spentWords,
    "aria-label": spentWords,
  });
  const status = el("div", { className: "ls-status", role: "status", "aria-live": "polite" });
  const escalated = el("span", { className: "ls-escalated", hidden: true });
  const refocus = () => focusTarget.focus({ preventScroll: true });

  const escalate = (event) => {
    const mode = event?.type === "click" ? clickMode(event) : "keyboard";
    escalateDialog(root, spec.rules, session.answer.escalate, (escalation) => {
      session.commit({ escalate: escalation }, { mode });
      const rule = escalation?.rule ? `, rule ${escalation.rule}` : "";
      session.say(escalation ? `Escalated${rule}` : "Escalation withdrawn");
    });
  };
  const help = () => keyCard(root, keymap.groups);
  const go = (step) => session.go(session.index + step);

  const held = { repeat: true };
  const keymap = new Keymap({
    ...keys,
    Items: [
      ["Enter", "Done, and on to the next item", () => finish("keyboard")],
      ["] PageDown", "Next item", () => go(1), held],
      ["[ PageUp", "Item before", () => go(-1), held],
      ...(keys.Items ?? []),
      ["E", "Escalate with a rule number", escalate],
    ],
    General: [
      ["Ctrl+Z", "Undo", () => session.undo(), held],
      ["Ctrl+Shift+Z Ctrl+Y", "Do again", () => session.redo(), held],
      ...keys.General,
      ["?", "This card", help],
    ],
  });

  const doneButton = button({
    text: "Done, next",
    iconName: "check",
    title: "Mark this item done and go on",
    key: "Enter",
    className: "ls-primary",
    onClick: (event) => finish(clickMode(event)),
  });
  const reopen = button({
    text: "Reopen",
    title: "Mark this item as not done",
    onClick: (event) => session.commit({ done: false }, { mode: clickMode(event) }),
  });
  const escalateButton = button({
    text: "Escalate",
    iconName: "flag",
    title: "Escalate with a rule number",
    key: "E",
    onClick: escalate,
  });
  const head = el(
    "div",
    { className: "ls-head" },
    el(
      "div",
      { className: "ls-title" },
      el("strong", { textContent: spec.title }),
      el("span", { className: "ls-guideline", textContent: spec.guideline }),
    ),
    el(
      "div",
      { className: "ls-nav" },
      button({ iconName: "left", title: "Item before", key: "[", onClick: () => go(-1) }),
      position,
      button({ iconName: "right", title: "Next item", key: "]", onClick: () => go(1) }),
    ),
    el(
      "div",
      { className: "ls-meta" },
      progress,
      spent,
      saveIndicator(session),
      button({ iconName: "help", title: "Keys", key: "?", onClick: help }),
    ),
  );
  const foot = el(
    "div",
    { className: "ls-foot" },
    status,
    escalated,
    el("div", { className: "ls-actions" }, escalateButton, reopen, doneButton),
  );
  root.classList.add("ls");
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", `${spec.title}: annotator`);
  root.append(banners(session), head, itemList(session), main, foot);

  const draw = () => {
    const { answer } = session;
    position.textContent = `${session.index + 1} of ${session.items.length}`;
    progress.textContent = `${session.doneCount} done`;
    doneButton.querySelector("span").textContent = answer.done ? "Next" : "Done, next";
    reopen.hidden = !answer.done;
    escalated.hidden = !answer.escalate;
    escalated.replaceChildren(
      icon("flag"),
      answer.escalate?.rule ? `Escalated, rule ${answer.escalate.rule}` : "Escalated",
    );
  };
  session.on("answers", draw);
  session.on("item", draw);
  session.on("say", (text) => {
    status.textContent = text;
  });
  const tick = () => {
    spent.replaceChildren(icon("clock"), clock(session.exerciseMs || 0));
    spent.classList.toggle("ls-idle", !session.timer.running);
  };
  const ticking = setInterval(tick, 1000);
  session.on("item", tick);
  signal.addEventListener("abort", () => clearInterval(ticking));
  root.addEventListener("ls-refocus", refocus, { signal });
  root.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Escape" && isTyping(event)) refocus();
    },
    { signal },
  );
  watchActivity(root, session, signal);
  guardKeys(root, keymap, signal);
  draw();
  return { escalate, help };
};
