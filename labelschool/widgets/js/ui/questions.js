// Questions with their classes: the question at hand is the one whose keys are shown.

import { button, clickMode, el, keycap, press } from "./dom.js";
import { labelBar } from "./labelbar.js";
import { titled } from "./texts.js";

/**
 * `on`: { choose(question, name, mode), unsure(question, mode) }; without `unsure` nobody may be
 * unsure. A question may bring a node, `more`, that stands beside its text. Returns { node,
 * fill(questions), show(of, active) }.
 */
export const questionRows = ({ on, large = false }) => {
  const node = el("div.questions");
  node.classList.toggle("ls-several", !large);
  let rows = [];

  const row = (question) => {
    const { name, classes, choosing, more } = question;
    const text = question.text || (name ? titled(name) : "");
    const bar = labelBar(classes, null, {
      large,
      onChoose: (...chosen) => on.choose(question, ...chosen),
    });
    bar.node.classList.toggle("ls-scale", choosing === "ordinal");
    bar.node.setAttribute("aria-label", text || "Classes");
    let unsure = null;
    if (on.unsure) {
      unsure = button({
        text: "Unsure",
        title: "Unsure, key U",
        "aria-label": "Unsure, key U",
        className: `ls-class ls-unsure${large ? " ls-class-large" : ""}`,
        pressed: "false",
        onClick: (event) => on.unsure(question, clickMode(event)),
      });
      unsure.prepend(keycap("U"));
      bar.node.append(unsure);
    }
    const node = el("div.question-row", el("p.question", { hidden: !text }, text), more, bar.node);
    return { question, node, bar, unsure };
  };

  const reveal = ({ offsetTop, offsetHeight }) => {
    const top = offsetTop - node.offsetTop;
    const most = top + offsetHeight - node.clientHeight;
    node.scrollTop = Math.min(top, Math.max(most, node.scrollTop));
  };

  const fill = (questions) => {
    rows = questions.map(row);
    node.replaceChildren(...rows.map((one) => one.node));
  };

  /** Shows what is chosen; the keys are those of the `active` question, or of none. */
  const show = (of, active) => {
    for (const { question, node, bar, unsure } of rows) {
      const { labels, unsure: doubt } = of(question);
      const at = question === active;
      bar.show(labels, "");
      if (unsure) press(unsure, doubt);
      node.classList.toggle("ls-at", at);
      node.ariaCurrent = at ? "true" : null;
      if (at) reveal(node);
    }
  };
  return { node, fill, show };
};
