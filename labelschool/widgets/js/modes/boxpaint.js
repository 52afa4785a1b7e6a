// What each layer of the box mode shows; how it is drawn stands in ui/painter.js.

import { fromExtremes } from "../core/geometry.js";
import {
  paintActive,
  paintCrosshair,
  paintGrid,
  paintPoints,
  paintShapes,
  paintSize,
} from "../ui/painter.js";

const picture = (editor, context) => {
  const { frame, scale, x, y } = editor.view;
  context.imageSmoothingEnabled = scale < 3;
  context.imageSmoothingQuality = "medium";
  context.drawImage(editor.picture.bitmap, x, y, frame.width * scale, frame.height * scale);
};

const shapes = (editor, context, look) => {
  if (!editor.showing.boxes) return;
  const resting = editor.shapes.filter(({ id }) => id !== editor.selected);
  paintShapes(context, resting, editor.view, look);
};

const overlay = (editor, context, look) => {
  const { view, draft, cursor, extremes, showing, label } = editor;
  // Numbers change once a frame, however fast the pointer reports.
  editor.where.textContent = showing.cursor && cursor ? cursor.map(Math.round).join(", ") : "";
  if (draft?.id) editor.list.live(draft.bbox);
  if (showing.grid) paintGrid(context, view);
  const chosen = editor.selectedShape;
  if (chosen && draft?.id !== chosen.id) {
    paintActive(context, chosen, view, { ...look, handles: !draft });
  }
  if (draft) {
    paintActive(context, draft, view, { ...look, moving: true });
    paintSize(context, draft.bbox, view);
  }
  const drawing = editor.tool !== "select" && !draft?.id;
  if (drawing && cursor && showing.crosshair && showing.cursor) {
    paintCrosshair(context, cursor, view);
  }
  if (cursor && extremes.length === 3) {
    const bbox = fromExtremes([...extremes, cursor]);
    paintActive(context, { label, bbox }, view, { ...look, moving: true });
  }
  paintPoints(context, extremes, view, editor.styles.get(label).colour);
};

/** The painters of the layers, by name; nothing is drawn before the picture is there. */
export const boxPainters = (editor) => {
  const painter = (paint) => (context, dpr) => {
    const look = { styles: editor.styles, labels: editor.showing.labels, dpr };
    if (editor.picture?.bitmap) paint(editor, context, look);
  };
  return { picture: painter(picture), shapes: painter(shapes), overlay: painter(overlay) };
};
