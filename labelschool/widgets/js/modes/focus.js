// The focus timer: a block of work, a rating of it, a break. All it shows follows from the time and
// from the blocks as they are kept, [started at, seconds, rating]; so a block outlasts the page.

import { clock } from "../core/words.js";
import { Written } from "../core/written.js";
import { button, el } from "../ui/dom.js";
import { frame } from "../ui/frame.js";
import { historyButtons } from "../ui/history.js";

const RATINGS = [1, 2, 3, 4, 5];

export class FocusTimer {
  constructor(model, root, signal) {
    const work = new Written(model, signal);
    this.session = work;
    // Without a number of minutes a block lasts until it is stopped.
    const { minutes, rest } = work.spec;
    const whole = minutes ? minutes * 60 : Infinity;
    const blocks = () => work.held("focus").blocks;
    const last = () => blocks().at(-1) ?? [0, 0, 0];
    const age = () => (Date.now() - last()[0]) / 1000;
    const keep = (...all) => work.change({ focus: { blocks: all } });
    const put = (...block) => keep(...blocks().slice(0, -1), block);
    const end = (seconds) => put(last()[0], Math.floor(seconds), null);
    const toggle = () => {
      if (last()[1] === null) end(age());
      else keep(...blocks(), [Date.now(), null, null]);
    };
    const rate = (rating) => {
      const [at, seconds] = last();
      if (at && seconds !== null) put(at, seconds, rating);
    };
    const left = el("strong.countdown", { role: "timer" });
    const words = el("span", { role: "status" });
    const start = button({ text: "Start", key: "S", className: "ls-primary", onClick: toggle });
    const rates = RATINGS.map((n) => button({ text: n, key: n, onClick: () => rate(n) }));
    const rating = el("span.actions", ...rates);
    frame(root, work, signal, {
      name: "focus timer",
      main: [el("div.focus", left, start, words, rating, ...historyButtons(work))],
      focusTarget: start,
      keys: {
        Block: [
          ["S", "Start or stop", toggle],
          ["1 2 3 4 5", "Rate your focus from 1 to 5", ({ code }) => rate(Number(code.at(-1)))],
        ],
      },
    });
    const draw = () => {
      const [, seconds, focus] = last();
      const running = seconds === null;
      const rested = rest * 60 + seconds - age();
      if (running && age() >= whole) return end(whole);
      const [time, doing] = running
        ? [minutes ? whole - age() : age(), "Focus."]
        : rested > 0
          ? [rested, "Break: stand up, look far away."]
          : [minutes ? whole : 0, ""];
      rating.hidden = running || focus !== null;
      const said = rating.hidden ? doing : `How focused were you, from 1 to 5? ${doing}`;
      // What is said again would be read out again.
      if (words.textContent !== said) words.textContent = said;
      left.textContent = clock(time);
      start.lastChild.textContent = running ? "Stop" : "Start";
    };
    const ticking = setInterval(() => work.loaded && draw(), 1000);
    signal.addEventListener("abort", () => clearInterval(ticking));
    work.on("answers", draw);
    work.start();
  }

  get ready() {
    return this.session.loaded;
  }
}
