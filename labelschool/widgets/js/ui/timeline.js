// The timeline below a clip: a lane for each track with its keyframes and where it is hidden or gone,
// and a line at the frame in sight. Lanes are placed in percent, so they need no drawing anew when
// the panel changes.

import { kindAt } from "../core/tracks.js";
import { el, swatch } from "./dom.js";
import { UNKNOWN } from "./palette.js";

/** The ruler's height, and that of a lane, as in css/track.css. */
const RULER = 22;
const LANE = 24;
/** How near a press must be to a keyframe to mean it, in screen pixels. */
const REACH = 6;
/** Numbers on the ruler, at most. */
const NUMBERS = 16;

/**
 * `named(track)` stands before a lane. `on`: { seek(frame), select(id) }. Returns { node, show,
 * moveTo }: `show(tracks, selected, count)` shows the tracks of a clip of `count` frames,
 * `moveTo(frame)` moves the line.
 */
export const timeline = ({ styles, named, on }) => {
  let tracks = [];
  let count = 1;
  let frame = 0;
  const made = new WeakMap();
  const ruler = el("div.ruler");
  const lanes = el("div");
  const node = el(
    "div.timeline",
    {
      tabIndex: 0,
      role: "slider",
      "aria-label": "Timeline: arrows go through the frames",
      "aria-valuemin": 0,
    },
    el("div.timeline-all", ruler, lanes, el("div.now")),
  );

  const percent = (at) => `${(100 * (at + 0.5)) / count}%`;

  /** Tracks never change in place, so each is drawn once. */
  const lane = (track) => {
    if (!made.has(track)) made.set(track, draw(track));
    return made.get(track);
  };

  const draw = (track) => {
    const style = styles.get(track.label) ?? UNKNOWN;
    const stretches = track.keyframes.map((key, at) => {
      const stretch = el("i", { "data-kind": kindAt(track, key.frame) });
      const next = track.keyframes[at + 1]?.frame;
      stretch.style.left = percent(key.frame);
      stretch.style.width = percent((next ?? count - 0.5) - key.frame - 0.5);
      return stretch;
    });
    const cells = [el("span", swatch(style), named(track)), el("div", ...stretches)];
    cells[1].style.color = style.colour;
    return el("div.lane", ...cells);
  };

  const show = (shown, selected, length) => {
    if (count !== length) drawRuler(length);
    tracks = shown;
    lanes.replaceChildren(...tracks.map(lane));
    for (const [at, track] of tracks.entries()) {
      const chosen = track.id === selected;
      lane(track).classList.toggle("ls-open", chosen);
      const top = at * LANE;
      const least = top + LANE + RULER - node.clientHeight;
      if (chosen) node.scrollTop = Math.min(top, Math.max(least, node.scrollTop));
    }
  };

  const drawRuler = (length) => {
    count = length;
    node.setAttribute("aria-valuemax", count - 1);
    const every = [1, 2, 5, 10, 20, 50].find((step) => count / step <= NUMBERS) ?? 100;
    const numbers = [];
    for (let at = 0; at < count; at += every) {
      const number = el("span", at);
      number.style.left = percent(at);
      numbers.push(number);
    }
    ruler.replaceChildren(...numbers);
  };

  const moveTo = (to) => {
    frame = to;
    node.setAttribute("aria-valuenow", frame);
    node.style.setProperty("--ls-at", (frame + 0.5) / count);
  };

  /** Where a pointer is on the ruler, in frames, and how wide a frame is. */
  const place = ({ clientX }) => {
    const { left, width } = ruler.getBoundingClientRect();
    const cell = width / count;
    return { at: (clientX - left) / cell, cell };
  };

  const scrub = (event) => on.seek(Math.floor(place(event).at));

  node.addEventListener("pointerdown", (event) => {
    // The node itself is under the pointer on its scroll bar alone.
    if (event.button !== 0 || event.target === node) return;
    // A number being typed in the list still belongs to the frame in sight.
    node.focus({ preventScroll: true });
    const { at, cell } = place(event);
    const pressed = event.target.closest(".ls-lane");
    const track = tracks.find((other) => made.get(other) === pressed);
    if (track) on.select(track.id);
    if (at < 0) return;
    const gap = (key) => Math.abs(key.frame + 0.5 - at) * cell;
    const near = track?.keyframes.toSorted((a, b) => gap(a) - gap(b))[0];
    if (near && gap(near) <= REACH) on.seek(near.frame);
    else scrub(event);
    node.setPointerCapture(event.pointerId);
  });
  node.addEventListener("pointermove", (event) => {
    if (node.hasPointerCapture(event.pointerId)) scrub(event);
  });
  node.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    on.seek(frame + by * (event.shiftKey ? 10 : 1));
    event.preventDefault();
    event.stopPropagation();
  });
  return { node, show, moveTo };
};
