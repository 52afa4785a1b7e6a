// The ranking mode: several answers to one task, each with its rank and the test it fails.

import { placed } from "../core/ranking.js";
import { el } from "../ui/dom.js";
import { titled } from "../ui/texts.js";
import { Judging } from "./judging.js";

export class RankingEditor extends Judging {
  constructor(model, root, signal) {
    super(model, signal);
    const { answers, tests } = this.session.spec;
    this.ranks = answers.map((_, at) => `rank ${at + 1}`);
    this.questions = answers.map((name) => ({
      name,
      text: titled(name),
      classes: this.ranks,
      choosing: "ordinal",
      more: tests && this.#failing(name),
    }));
    this.build(root, signal, {
      blank: { type: "ranking", order: [], failing: {} },
      columns: this.ranks.map((_, at) => ({ 0: "best", [answers.length - 1]: "worst" })[at] ?? ""),
      keys: tests ? [["F", "Name the test it fails", () => this.question.more.focus()]] : [],
    });
  }

  of({ name }) {
    const at = this.record.order.indexOf(name);
    return { labels: at < 0 ? [] : [this.ranks[at]] };
  }

  take({ name }, rank, mode) {
    const { answers } = this.session.spec;
    const place = this.ranks.indexOf(rank);
    this.save({ order: placed(answers, this.record.order, name, place) }, { mode });
  }

  show() {
    const { item, spec } = this.session;
    const tests = (item.fields[spec.tests] ?? "").matchAll(/\bdef (test_\w+)/g);
    const named = ["", ...Array.from(tests, ([, test]) => test)];
    const option = (value) => el("option", { value }, value || "fails no test");
    for (const { more } of this.questions) more?.replaceChildren(...named.map(option));
    super.show();
  }

  refresh() {
    super.refresh();
    for (const { name, more } of this.questions) {
      if (more) more.value = this.record.failing[name] ?? "";
    }
  }

  #failing(name) {
    const select = el("select.select", {
      "aria-label": `Test that ${titled(name)} fails`,
      onchange: () => {
        const { [name]: _, ...others } = this.record.failing;
        const failing = select.value ? { ...others, [name]: select.value } : others;
        this.save({ failing }, { mode: "list" });
      },
    });
    return select;
  }
}
