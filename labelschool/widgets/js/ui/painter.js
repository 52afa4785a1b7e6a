// Drawing on a canvas context whose unit is the CSS pixel: lines, dots, plates, boxes and guides.

import { handlePoints } from "../core/geometry.js";
import { flagMarks } from "./flags.js";
import { inkOn, UNKNOWN } from "./palette.js";

export const HALO = "rgba(12, 14, 18, 0.78)";
const FONT = "600 11px system-ui, -apple-system, 'Segoe UI', sans-serif";
const PLATE_HEIGHT = 16;
/** Room for the size of a box, and what guide lines leave free around the cursor, in px. */
const SIZE_WIDTH = 90;
const GAP = 7;

/** The middle of a pixel of the panel, where a fine line is sharp. */
const sharp = (value) => Math.round(value) + 0.5;

/** Strokes a path in a style { colour, dash } on a dark halo, to be seen on any picture. */
export const stroke = (context, path, { colour, dash = [] }, width = 2) => {
  for (const [ink, line, pattern] of [
    [HALO, width + 2, []],
    [colour, width, dash],
  ]) {
    context.strokeStyle = ink;
    context.lineWidth = line;
    context.setLineDash(pattern);
    context.stroke(path);
  }
  context.setLineDash([]);
};

/** The path through points of the picture. */
export const pathOf = (points, view, closed = false) => {
  const path = new Path2D();
  for (const point of points) path.lineTo(...view.toScreen(point));
  if (closed) path.closePath();
  return path;
};

/** A dot at a place of the panel. */
export const dot = (context, [x, y], radius, { fill, colour = "#16181d", width = 2 }) => {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
  context.lineWidth = width;
  context.strokeStyle = colour;
  context.stroke();
};

const toScreen = ([x, y, w, h], { scale, x: left, y: top }) => [
  x * scale + left,
  y * scale + top,
  w * scale,
  h * scale,
];

/** Plates with a label's text, drawn once and copied: text is the slow part of a thousand boxes. */
const plates = new Map();

const plate = (text, colour, dpr) => {
  const key = `${text} ${colour} ${dpr}`;
  if (plates.has(key)) return plates.get(key);
  if (plates.size > 400) plates.clear();
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  context.font = FONT;
  const width = Math.ceil(context.measureText(text).width) + 10;
  canvas.width = width * dpr;
  canvas.height = PLATE_HEIGHT * dpr;
  context.scale(dpr, dpr);
  context.fillStyle = colour;
  context.fillRect(0, 0, width, PLATE_HEIGHT);
  context.font = FONT;
  context.fillStyle = inkOn(colour);
  context.textBaseline = "middle";
  context.fillText(text, 5, PLATE_HEIGHT / 2 + 0.5);
  const made = { canvas, width };
  plates.set(key, made);
  return made;
};

/** Words on a plate that stands on the point, or hangs from it at the upper edge. */
export const paintPlate = (context, text, colour, [x, y], dpr) => {
  const { canvas, width } = plate(text, colour, dpr);
  const top = y >= PLATE_HEIGHT ? y - PLATE_HEIGHT : y;
  context.drawImage(canvas, Math.round(x - 1), Math.round(top), width, PLATE_HEIGHT);
};

const drawPlate = (context, shape, place, styles, dpr) => {
  const { colour } = styles.get(shape.label) ?? UNKNOWN;
  const marks = flagMarks(shape);
  paintPlate(context, marks ? `${shape.label} ${marks}` : shape.label, colour, place, dpr);
};

const inSight = ([x, y, w, h], { width, height }) =>
  x < width && y < height && x + w > 0 && y + h > 0;

/** All shapes in one go: one dark halo under all, then one stroke for each class. */
export const paintShapes = (context, shapes, view, { styles, labels, dpr, line = 2 }) => {
  const groups = new Map();
  const halo = new Path2D();
  const placed = [];
  for (const shape of shapes) {
    const box = toScreen(shape.bbox, view);
    if (!inSight(box, view.panel)) continue;
    halo.rect(...box);
    const group = groups.get(shape.label) ?? { lines: new Path2D(), crowd: new Path2D() };
    groups.set(shape.label, group);
    group.lines.rect(...box);
    if (shape.crowd) group.crowd.rect(...box);
    placed.push([shape, box]);
  }
  context.setLineDash([]);
  context.strokeStyle = HALO;
  context.lineWidth = line + 1.5;
  context.stroke(halo);
  context.lineWidth = line;
  for (const [label, { lines, crowd }] of groups) {
    const { colour, dash } = styles.get(label) ?? UNKNOWN;
    context.fillStyle = `${colour}38`;
    context.fill(crowd);
    context.strokeStyle = colour;
    context.setLineDash(dash);
    context.stroke(lines);
  }
  context.setLineDash([]);
  if (labels) for (const [shape, box] of placed) drawPlate(context, shape, box, styles, dpr);
};

/** The selected box: fine inner line, light fill and handles. */
export const paintActive = (context, shape, view, { styles, labels, dpr, handles, moving }) => {
  const box = toScreen(shape.bbox, view);
  const { colour, dash } = styles.get(shape.label) ?? UNKNOWN;
  context.fillStyle = `${colour}${shape.crowd ? "38" : "1c"}`;
  context.fillRect(...box);
  const path = new Path2D();
  path.rect(...box);
  stroke(context, path, moving ? { colour } : { colour, dash }, moving ? 1 : 2);
  if (labels && !moving) drawPlate(context, shape, box, styles, dpr);
  if (!handles) return;
  const small = Math.min(box[2], box[3]) < 36;
  context.fillStyle = "#fff";
  context.strokeStyle = "#16181d";
  context.lineWidth = 1.5;
  for (const [name, [x, y]] of Object.entries(handlePoints(box))) {
    const side = name.length === 1;
    if (side && small) continue;
    const size = side || small ? 6 : 9;
    const square = [x - size / 2, y - size / 2, size, size];
    context.fillRect(...square);
    context.strokeRect(...square);
  }
};

/** The pixels of a box being drawn, beside its corner. */
export const paintSize = (context, bbox, view, { dpr }) => {
  const [x, y, w, h] = toScreen(bbox, view);
  const [width, height] = bbox.slice(2).map(Math.round);
  const left = Math.min(x + w + 6, view.panel.width - SIZE_WIDTH);
  const bottom = Math.min(y + h + 6 + PLATE_HEIGHT, view.panel.height - 2);
  paintPlate(context, `${width} × ${height}`, "#16181d", [left, bottom], dpr);
};

/** Fine lines [x0, y0, x1, y1] across the panel. */
const paintGuides = (context, lines) => {
  const path = new Path2D();
  for (const [x0, y0, x1, y1] of lines) {
    path.moveTo(x0, y0);
    path.lineTo(x1, y1);
  }
  stroke(context, path, { colour: "rgba(255, 255, 255, 0.9)" }, 1);
};

/** Guide lines through the cursor, across the picture. */
export const paintCrosshair = (context, point, view) => {
  const [x, y] = view.toScreen(point).map(sharp);
  const { width, height } = view.panel;
  paintGuides(context, [
    [0, y, x - GAP, y],
    [x + GAP, y, width, y],
    [x, 0, x, y - GAP],
    [x, y + GAP, x, height],
  ]);
};

/** Points of an extreme click still under way. */
export const paintPoints = (context, points, view, colour) => {
  for (const point of points) dot(context, view.toScreen(point), 4, { fill: colour });
};

/** Darkens all but the part of a picture that is to be labelled. */
export const paintBay = (context, bay, view) => {
  const { width, height } = view.panel;
  const around = new Path2D();
  around.rect(0, 0, width, height);
  around.rect(...toScreen(bay, view));
  context.fillStyle = "rgba(12, 14, 18, 0.6)";
  context.fill(around, "evenodd");
};

/** Lines that cut the picture into strips to search one by one. */
export const paintGrid = (context, view) => {
  const { width, height } = view.frame;
  const [left, top, across, down] = toScreen([0, 0, width, height], view);
  const columns = [1, 2, 3].map((at) => sharp(left + (across * at) / 4));
  const rows = [1, 2].map((at) => sharp(top + (down * at) / 3));
  paintGuides(context, [
    ...columns.map((x) => [x, top, x, top + down]),
    ...rows.map((y) => [left, y, left + across, y]),
  ]);
};
