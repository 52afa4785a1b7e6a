// What the camera sees of a sweep, with all cuboids projected into it.

import { wireframe } from "../core/cuboids.js";
import { around, contains } from "../core/geometry.js";
import { viewport } from "../core/viewport.js";
import { pathOf, stroke } from "./painter.js";
import { UNKNOWN } from "./palette.js";
import { panel } from "./panel.js";

/** Picture pixels that are shown around the selected cuboid. */
const ROOM = 50;

/** The `editor` has `camera` (see core/media.js), `session`, `styles`, `shapes` and `draft`. */
export const cameraView = (title, editor, signal) => {
  const view = viewport();
  const paint = (context, size) => {
    const { camera, draft, selectedShape, shapes, styles, session } = editor;
    if (!camera?.bitmap) return camera?.error ?? "Loading…";
    const { width, height, calibration } = session.item;
    view.resize(size.width, size.height);
    view.show({ width, height });
    const linesOf = (shape) => (shape?.size ? wireframe(shape, calibration) : []);
    const [x, y, w, h] = around(linesOf(selectedShape).flat());
    if (contains([0, 0, width, height], [x + w / 2, y + h / 2])) {
      view.zoomTo([x - ROOM, y - ROOM, w + 2 * ROOM, h + 2 * ROOM]);
    }
    context.drawImage(camera.bitmap, view.x, view.y, width * view.scale, height * view.scale);
    for (const shape of [...shapes.filter(({ id }) => id !== draft?.id), draft]) {
      const lines = new Path2D();
      for (const line of linesOf(shape)) lines.addPath(pathOf(line, view));
      const { colour } = styles.get(shape?.label) ?? UNKNOWN;
      stroke(context, lines, { colour }, [draft, selectedShape].includes(shape) ? 2 : 1);
    }
  };
  return panel(title, paint, signal);
};
