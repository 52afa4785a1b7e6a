// The SQL mode: questions to a database, each answered by one query that the kernel runs.

import { Written } from "../core/written.js";
import { codeField } from "../ui/codefield.js";
import { button, el } from "../ui/dom.js";
import { frame } from "../ui/frame.js";
import { historyButtons } from "../ui/history.js";
import { itemList } from "../ui/itemlist.js";

class Queries extends Written {
  index = 0;

  constructor(model, signal) {
    super(model, signal);
    this.items = this.names.map((name) => ({ name }));
  }

  get name() {
    return this.names[this.index];
  }

  get text() {
    return this.held(this.name).text;
  }

  reveal([name]) {
    this.go(this.names.indexOf(name));
  }

  state(index) {
    return this.held(this.names[index]).text.trim() ? "started" : "empty";
  }

  go(index) {
    if (index === this.index || !this.names[index]) return;
    this.index = index;
    this.emit("item");
  }
}

export class SqlEditor {
  constructor(model, root, signal) {
    const work = new Queries(model, signal);
    this.session = work;
    const { spec, link, client } = work;
    const results = new Map();
    let running = {};
    let shown = "";

    const field = codeField({ "aria-label": "SQL", placeholder: "SELECT …" }, (text, go) =>
      work.type({ [work.name]: { text } }, `${work.name}/${go}`),
    );
    const { area } = field;

    /** Saves the query and runs it. */
    const run = () => {
      const { name, text } = work;
      if (!work.loaded) return;
      work.saver.retry();
      clearTimeout(running.timer);
      const timer = setTimeout(() => work.unheard(), (spec.seconds + 5) * 1000);
      running = { run: Math.random(), name, text, timer };
      link.send({ kind: "run", client, run: running.run, text });
      draw();
    };
    const stop = () => link.send({ kind: "stop", client });
    const runButton = button({
      text: "Run",
      iconName: "play",
      key: "Ctrl+Enter",
      className: "ls-primary",
      onClick: () => (running.run ? stop() : run()),
    });
    const question = el("p.question");
    const outcome = el("div.outcome", { role: "status" });
    const grid = el("div.grid", { tabIndex: 0, role: "region", "aria-label": "Result" });

    /** The query in sight and its last result. */
    const draw = () => {
      const { name, text } = work;
      question.replaceChildren(el("strong", `${name} `), spec.questions[name]);
      field.show(text);
      runButton.lastChild.textContent = running.run ? "Stop" : "Run";
      grid.classList.toggle("ls-running", running.name === name);
      const result = results.get(name) ?? {};
      const fresh = result.text === text;
      // A grid that was scrolled stays as it is.
      const now = `${name} ${result.run} ${fresh}`;
      if (now === shown) return;
      shown = now;
      const { sentence = "", line, place } = result;
      field.mark(fresh && line);
      outcome.classList.toggle("ls-complaint", Boolean(sentence && !result.grid));
      outcome.replaceChildren(
        el("span", sentence && !fresh ? `${sentence} The query was changed since.` : sentence),
      );
      if (fresh && place) {
        const show = () => {
          area.focus();
          area.setSelectionRange(...place);
        };
        outcome.append(button({ text: "Show the place", className: "ls-strong", onClick: show }));
      }
      grid.innerHTML = result.grid ?? "";
    };

    const insert = ({ target }) => {
      const { insert: text } = target.dataset;
      if (!text) return;
      field.write(text);
      area.focus();
    };
    const schema = el("div.schema", { innerHTML: spec.tables, onclick: insert });
    const hint = el("span.hint", "Esc, then Tab leaves the text.");
    const tools = el("div.query-tools", runButton, ...historyButtons(work), hint);
    const pad = el("div.sql", el("div.query", question, field.node, tools), schema);
    const go = (step) => () => work.go(work.index + step);
    frame(root, work, signal, {
      name: "SQL pad",
      main: [itemList(work), pad, outcome, grid],
      focusTarget: area,
      typing: true,
      keys: {
        Query: [
          ["Ctrl+Enter", "Run the query", run],
          ["Alt+PageDown ] PageDown", "Next query", go(1)],
          ["Alt+PageUp [ PageUp", "Query before", go(-1)],
          ["Tab", "Two spaces"],
          ["Escape", "Let Tab leave the text"],
        ],
      },
    });
    link.on(["ran"], (message) => {
      const { name, text, timer } = running;
      if (message.run !== running.run) return;
      clearTimeout(timer);
      running = {};
      results.set(name, { ...message, text });
      draw();
    });
    for (const event of ["answers", "item"]) work.on(event, draw);
    draw();
    work.start();
  }

  get ready() {
    return this.session.loaded;
  }
}
