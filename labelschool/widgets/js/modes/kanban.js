// The board mode: cards in columns with limits. The log of moves says where each card is; a step of
// the clock is taken by the kernel, where a team may move cards too.

import { clock } from "../core/words.js";
import { Written } from "../core/written.js";
import { button, el, press } from "../ui/dom.js";
import { frame } from "../ui/frame.js";
import { historyButtons } from "../ui/history.js";

export class KanbanBoard {
  constructor(model, root, signal) {
    const work = new Written(model, signal);
    this.session = work;
    const { spec, link, client } = work;
    const nodes = new Map();
    let lists = [];
    let picked = [];
    let at = null;
    let dragged = false;
    let answered = null;

    const held = () => ({ board: work.held("board"), flow: work.held("flow") });
    /** Where the column of the card at hand stands. */
    const place = () => lists.findIndex((cards) => cards.includes(at));

    /** Has the kernel let time pass, or change the columns. */
    const ask = (kind, text) => {
      if (work.loaded && !answered) answered = work.ask({ kind, text, ...held() });
    };
    const pass = () => ask("step");

    const pick = (cards = []) => {
      picked = cards;
      work.say(`${cards.length} picked`);
      for (const [card, node] of nodes) press(node, cards.includes(card));
    };
    const toggle = (card) => {
      const others = picked.filter((other) => other !== card);
      pick(others.length < picked.length ? others : [...picked, card]);
    };

    /** Moves what is picked, or else the card at hand, to a column with room. */
    const move = (to) => {
      const list = lists[to];
      const cards = (picked.length ? picked : [at]).filter((card) => !list?.includes(card));
      if (!list || !cards.length) return;
      const { board, flow } = held();
      const { name, limit } = board.columns[to];
      if (limit && list.length + cards.length > limit) {
        return work.say(`${name} holds ${list.length} of ${limit}: finish something there first.`);
      }
      pick();
      const made = cards.map((card) => [card, name, board.minute, "you"]);
      work.change({ flow: { moves: [...flow.moves, ...made] } });
      work.say(`${cards.join(", ")}: ${name}`);
    };

    /** Goes to a card beside or below. */
    const go = (across, down) => () => {
      const filled = lists.filter((cards) => cards.length);
      const from = filled.findIndex((cards) => cards.includes(at));
      const cards = filled[from + across] ?? [];
      const row = Math.min(filled[from].indexOf(at) + down, cards.length - 1);
      nodes.get(cards[row])?.focus();
    };

    /** Shows a column as the one that a drag is over. */
    const show = (over) => {
      for (const node of board.children) node.classList.toggle("ls-over", node === over);
    };
    const columnOf = ({ target }) => target.closest(".ls-column");
    const board = el("div.board", {
      tabIndex: -1,
      ondragover: (event) => {
        if (!dragged) return;
        event.preventDefault();
        show(columnOf(event));
      },
      ondrop: (event) => {
        if (!dragged) return;
        event.preventDefault();
        move([...board.children].indexOf(columnOf(event)));
      },
      ondragend: () => {
        dragged = false;
        show();
      },
    });
    const time = el("strong");
    const rules = el("textarea.text", { rows: 6, onchange: () => ask("columns", rules.value) });

    const column = ({ name, done }, index) => {
      const head = {
        type: "button",
        title: "Move what is picked here",
        onclick: () => move(index),
      };
      return el(
        "section.column",
        el("button.button", head, el("strong", name), el("span")),
        el("p.hint", done),
        el("div.card-list"),
      );
    };
    // Browsers differ on whether a button may be dragged, so a card only has the role of one.
    const cardNode = (card) => {
      const props = {
        role: "button",
        "aria-pressed": false,
        tabIndex: -1,
        draggable: true,
        onclick: () => toggle(card),
        onfocus: () => {
          nodes.get(at).tabIndex = -1;
          at = card;
          node.tabIndex = 0;
        },
        ondragstart: ({ dataTransfer }) => {
          dragged = true;
          dataTransfer.setData("text/plain", card);
          if (!picked.includes(card)) pick([card]);
        },
      };
      const text = el("span", spec.cards[card] ?? "");
      const node = el("div.card-button", props, el("strong", card), text, el("span.hint"));
      nodes.set(card, node);
      return node;
    };

    const draw = () => {
      const { columns, minute, text } = work.held("board");
      const places = new Map();
      for (const [card, name, since] of work.held("flow").moves) {
        places.delete(card);
        places.set(card, [columns.findIndex((one) => one.name === name), since]);
      }
      const focused = document.activeElement;
      // What is being typed there stays, until the columns themselves change.
      if (rules.defaultValue !== text) {
        rules.value = rules.defaultValue = text;
        board.replaceChildren(...columns.map(column));
      }
      time.textContent = `${clock(minute)} h`;
      lists = columns.map(() => []);
      for (const [card, [index, since]] of places) {
        (lists[index] ?? lists[0]).push(card);
        const node = nodes.get(card) ?? cardNode(card);
        node.lastChild.textContent = clock(minute - since);
      }
      for (const [index, cards] of lists.entries()) {
        const { limit } = columns[index];
        const { firstChild: head, lastChild: list } = board.children[index];
        head.lastChild.textContent = limit ? `${cards.length} of ${limit}` : cards.length;
        head.classList.toggle("ls-full", limit && cards.length >= limit);
        list.replaceChildren(...cards.map((card) => nodes.get(card)));
      }
      if (!places.has(at)) at = lists.flat()[0];
      nodes.get(at).tabIndex = 0;
      if (board.contains(focused)) focused.focus({ preventScroll: true });
    };

    const step = { text: `+${spec.step} min`, iconName: "clock", title: "Let time pass" };
    const repeat = { repeat: true };
    const anyDigit = ({ code }) => move(code.at(-1) - 1);
    frame(root, work, signal, {
      name: "board",
      nav: el(
        "div.nav",
        time,
        button({ ...step, key: "T", onClick: pass }),
        ...historyButtons(work),
      ),
      main: [
        board,
        el(
          "details.board-rules",
          el("summary", "Columns and limits"),
          el("label", "One a line: name | limit | when a card in it is done", rules),
        ),
      ],
      focusTarget: board,
      keys: {
        Cards: [
          ["Space Enter", "Pick the card, or let it go", () => toggle(at)],
          ["A", "Pick the whole column", () => pick(lists[place()])],
          ["Escape", "Let all go", () => pick()],
          ["1 2 3 4 5 6 7 8 9", "Move what is picked to a column", anyDigit, { shown: "1 – 9" }],
          ["Shift+ArrowRight", "Move to the right", () => move(place() + 1), repeat],
          ["Shift+ArrowLeft", "Move to the left", () => move(place() - 1), repeat],
          ["ArrowDown", "Next card", go(0, 1), repeat],
          ["ArrowUp", "Card before", go(0, -1), repeat],
          ["ArrowRight", "Next column", go(1, 0), repeat],
          ["ArrowLeft", "Column before", go(-1, 0), repeat],
        ],
        Clock: [["T", "Let time pass", pass]],
      },
    });
    link.on(["moved"], ({ client: asker, sentence, board, names, moves }) => {
      if (asker !== client || !answered) return;
      answered();
      answered = null;
      work.say(sentence ?? "");
      if (sentence) return;
      // Cards may have been moved meanwhile.
      const log = work
        .held("flow")
        .moves.map(([card, name, ...rest]) => [card, names[name] ?? name, ...rest]);
      work.change({ board, flow: { moves: [...log, ...moves] } });
    });
    work.on("answers", draw);
    work.start();
  }

  get ready() {
    return this.session.loaded;
  }
}
