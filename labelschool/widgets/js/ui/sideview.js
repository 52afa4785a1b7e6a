// The selected cuboid with its points from the right or from behind. Its edges and its body can be
// dragged.

import { dragged, FACE, holds, pullAt, SIDES, sideAt, toLocal, toSpace } from "../core/cuboids.js";
import { pointerMode } from "./dom.js";
import { CLICK } from "./gestures.js";
import { paintPoints, pathOf, stroke } from "./painter.js";
import { UNKNOWN } from "./palette.js";
import { panel } from "./panel.js";

/** Metres shown around the cuboid, and how far before and behind it points are shown. */
const ROOM = 1;
const DEPTH = 0.3;
/** How near a press must be to a side, in screen pixels. */
const REACH = 12;

/**
 * `axis` is what goes across: 0 the length, front to the right; 1 the width, left to the left. The
 * `editor` has `cloud`, `selectedShape`, `draft`, `styles`, `preview`, `change`, `busy` and `idle`.
 */
export const sideView = (title, axis, editor, signal) => {
  const across = axis ? -1 : 1;
  /** The cuboid in the middle, how long a metre is, and what is dragged: { start, pull, from }. */
  let cuboid = null;
  let scale = 1;
  let held = null;

  const paint = (context, { width, height }) => {
    const { cloud, draft, selectedShape, styles } = editor;
    const shown = draft?.id ? draft : selectedShape;
    // While it is dragged here, the points stay where they are.
    cuboid = cloud && shown?.size ? (held?.start ?? shown) : null;
    if (!cuboid) return "Select a cuboid";
    const { size } = cuboid;
    scale = Math.min(width / (size[axis] + 2 * ROOM), height / (size[2] + 2 * ROOM));
    const map = {
      toScreen: (place) => [
        width / 2 + across * place[axis] * scale,
        height / 2 - place[2] * scale,
      ],
    };
    for (const place of cloud.over(cuboid, [DEPTH, DEPTH].with(axis, width / scale))) {
      context.fillStyle = holds(shown, toLocal(shown, toSpace(cuboid, place))) ? "#fff" : "#7c838f";
      const [x, y] = map.toScreen(place);
      context.fillRect(x - 1, y - 1, 2, 2);
    }
    const side = ([sign, up]) => toLocal(cuboid, sideAt(shown, [0, 0, up].with(axis, sign)));
    const style = styles.get(shown.label) ?? UNKNOWN;
    const corners = FACE.map(side);
    stroke(context, pathOf(corners, map, true), style);
    if (!axis) stroke(context, pathOf(corners.slice(0, 2), map), { colour: style.colour }, 4);
    paintPoints(context, SIDES.map(side), map, "#fff");
  };
  const { node, canvas, draw } = panel(title, paint, signal);

  /** A press as a place seen from the cuboid. */
  const placeOf = ({ clientX, clientY }) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const ahead = (across * (clientX - left - width / 2)) / scale;
    return [0, 0, (top + height / 2 - clientY) / scale].with(axis, ahead);
  };
  const pullOf = (place) => cuboid && pullAt(cuboid, place, REACH / scale);
  const stop = () => {
    held = null;
    editor.preview(null);
    editor.idle();
  };
  Object.assign(canvas, {
    onpointerdown(event) {
      const from = placeOf(event);
      const pull = pullOf(from);
      if (!pull || event.button) return;
      held = { start: cuboid, pull, from };
      canvas.setPointerCapture(event.pointerId);
      editor.busy();
    },
    onpointermove(event) {
      const place = placeOf(event);
      if (!held) {
        canvas.style.cursor = pullOf(place) ? "move" : "default";
        return;
      }
      const { start, pull, from } = held;
      const step = place.map((value, n) => value - from[n]);
      if (!editor.draft && Math.hypot(...step) * scale < CLICK) return;
      editor.preview(dragged(start, pull, step), start);
    },
    onpointerup(event) {
      if (!held) return;
      const { draft, selectedShape } = editor;
      if (draft && selectedShape === held.start) {
        editor.change(draft.id, draft, pointerMode(event));
      }
      stop();
    },
    onpointercancel: stop,
  });
  return { node, draw };
};
