// The frame around every widget whose work is saved: banners, header, status line, keys and focus.

import { guardKeys, isTyping, keyFinder } from "../core/keymap.js";
import { banners, saveIndicator } from "./banners.js";
import { keyCard, rulesCard } from "./dialogs.js";
import { button, el } from "./dom.js";

/**
 * Builds the frame into `root`: a header with the title, `nav` and `meta`, then `main`, then the
 * status line with `actions`. `focusTarget` is the element that takes the keys, `keys` the keys by
 * group, `typing` lets their commands work in text fields (see `keyFinder`), `name` says what the
 * widget is.
 */
export const frame = (
  root,
  work,
  signal,
  { name, nav, meta = [], main, actions = [], focusTarget, keys, typing },
) => {
  const { spec } = work;
  const status = el("div.status", { role: "status", "aria-live": "polite" });
  const refocus = () => focusTarget.focus({ preventScroll: true });
  const help = () => keyCard(root, groups);
  const held = { repeat: true };
  const groups = {
    ...keys,
    General: [
      ["Ctrl+Z", "Undo", () => work.undo(), held],
      ["Ctrl+Shift+Z Ctrl+Y", "Do again", () => work.redo(), held],
      ...(keys.General ?? []),
      ["?", "This card", help],
    ],
  };
  const rules = {
    text: spec.guideline,
    title: "Read the rules",
    className: "ls-guideline",
    onClick: () => rulesCard(root, spec),
  };
  const guideline = spec.rules?.[0] ? button(rules) : el("span.guideline", spec.guideline);
  const head = el(
    "div.head",
    el("div.title", el("strong", spec.title), guideline),
    nav,
    el(
      "div.meta",
      ...meta,
      saveIndicator(work),
      button({ iconName: "help", title: "Keys", key: "?", onClick: help }),
    ),
  );
  const foot = el("div.foot", status, ...actions);
  root.classList.add("ls");
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", `${spec.title}: ${name}`);
  root.append(banners(work), head, ...main, foot);
  work.on("say", (text) => {
    status.textContent = text;
  });
  const listen = (target, name, run) => target.addEventListener(name, run, { signal });
  listen(root, "ls-refocus", refocus);
  listen(root, "keydown", (event) => event.key === "Escape" && isTyping(event) && refocus());
  // A press on a prompt leaves the focus in a text field, and from there JupyterLab runs no cell.
  listen(document, "pointerdown", ({ target }) => {
    const { activeElement } = document;
    if (root.contains(activeElement) && !root.contains(target)) activeElement.blur();
  });
  guardKeys(root, keyFinder(groups, { typing }), signal);
};
