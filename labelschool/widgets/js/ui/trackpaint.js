// Drawing of a track at one frame: strong where a keyframe says so, fine in between, crossed out
// where the object is fully hidden, and a shadow where the selected one is not there.

import { boxAt, kindAt } from "../core/tracks.js";
import { paintActive, paintPlate, paintShapes } from "./painter.js";
import { UNKNOWN } from "./palette.js";

const WORDS = { before: "not yet here", outside: "outside", occluded: "hidden", key: "◆" };

/** `chosen` marks the selected track, whose handles and shadow are drawn. */
export const paintTrack = (context, track, { frame, view }, { labels, ...look }, chosen) => {
  const kind = kindAt(track, frame);
  const gone = kind === "before" || kind === "outside";
  if (gone && !chosen) return;
  const bbox = boxAt(track, frame);
  const shape = { label: track.label, bbox };
  const { colour } = look.styles.get(track.label) ?? UNKNOWN;
  const [x, y] = view.toScreen(bbox);
  context.globalAlpha = gone ? 0.4 : 1;
  if (chosen) {
    const moving = look.moving || kind !== "key";
    paintActive(context, shape, view, { ...look, handles: look.handles && !gone, moving });
  } else paintShapes(context, [shape], view, { ...look, line: kind === "key" ? 2 : 1 });
  if (kind === "occluded") {
    const [w, h] = [bbox[2] * view.scale, bbox[3] * view.scale];
    context.strokeStyle = colour;
    context.lineWidth = 1;
    context.stroke(new Path2D(`M${x} ${y}l${w} ${h}m0 ${-h}l${-w} ${h}`));
  }
  context.globalAlpha = 1;
  if (!labels || look.moving) return;
  const words = [track.label, track.id, WORDS[kind]].filter(Boolean).join(" ");
  paintPlate(context, words, colour, [x, y], look.dpr);
};
