// Drawing of figures: bones, and points that are filled where they are seen and hollow where hidden.

import { dot, paintPlate, pathOf, stroke } from "./painter.js";

/**
 * Paints the points of a figure. `look`: { view, names, styles, bones, labels, dpr, active, chosen };
 * `bones` are pairs of places in the list of points, a bone takes the style of its second point.
 */
export const paintFigure = (context, points, look) => {
  const { view, names, styles, bones, active, chosen } = look;
  const places = points.map(({ x, y }) => [x, y]);
  const style = (index) => styles.get(names[index]);
  for (const bone of bones) {
    if (bone.some((end) => !points[end].visibility)) continue;
    const path = pathOf(
      bone.map((end) => places[end]),
      view,
    );
    stroke(context, path, style(bone[1]), active ? 2 : 1.5);
  }
  points.forEach(({ visibility }, index) => {
    if (!visibility) return;
    const place = view.toScreen(places[index]);
    const { colour } = style(index);
    const seen = { fill: colour, width: 1.5 };
    const hidden = { fill: "#0c0e128c", colour, width: 2.5 };
    dot(context, place, active ? 5.5 : 4, visibility === 2 ? seen : hidden);
    if (index !== chosen) return;
    dot(context, place, 9.5, { fill: "#0000", colour: "#fff" });
    const beside = [place[0] + 12, place[1] + 8];
    if (look.labels) paintPlate(context, names[index], colour, beside, look.dpr);
  });
};
