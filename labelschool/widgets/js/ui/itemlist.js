// The strip of items: one small button each, with its state as form, colour and name.

import { el, icon, refocus } from "./dom.js";

const WORDS = { empty: "not started", started: "started", done: "done" };

export const itemList = (session) => {
  const buttons = session.items.map((item, index) =>
    el("button.item", {
      type: "button",
      title: item.name,
      onclick: (event) => {
        session.go(index);
        if (event.detail) refocus(node);
      },
    }),
  );
  const node = el("div.strip", { role: "toolbar", "aria-label": "Items" }, ...buttons);

  const draw = () => {
    for (const [index, node] of buttons.entries()) {
      const state = session.state(index);
      const current = index === session.index;
      if (node.dataset.state !== state) {
        node.dataset.state = state;
        node.replaceChildren(state === "done" ? icon("check") : "", el("span", index + 1));
      }
      node.setAttribute("aria-label", `Item ${index + 1}, ${WORDS[state]}`);
      node.setAttribute("aria-current", String(current));
      node.tabIndex = current ? 0 : -1;
    }
  };
  const reveal = () => {
    const button = buttons[session.index];
    const left = button.offsetLeft - node.offsetLeft;
    const out =
      left < node.scrollLeft || left + button.offsetWidth > node.scrollLeft + node.clientWidth;
    if (out) node.scrollLeft = left - node.clientWidth / 2;
  };

  node.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(event.target);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: buttons.length - 1 }[
      event.key
    ];
    if (at < 0 || to === undefined || !buttons[to]) return;
    event.preventDefault();
    event.stopPropagation();
    session.go(to);
    buttons[to].focus();
  });
  session.on("answers", draw);
  session.on("item", () => {
    draw();
    reveal();
  });
  draw();
  return node;
};
