// Drawing of boxes on a canvas context whose unit is the CSS pixel.

import { HANDLES, handlePoints } from "../core/geometry.js";
import { flagMarks } from "./flags.js";
import { inkOn, UNKNOWN } from "./palette.js";

const HALO = "rgba(12, 14, 18, 0.78)";
const FONT = "600 11px system-ui, -apple-system, 'Segoe UI', sans-serif";
const PLATE_HEIGHT = 16;
const GRID = { columns: 4, rows: 3 };

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

const drawPlate = (context, shape, [x, y], styles, dpr) => {
  const { colour } = styles.get(shape.label) ?? UNKNOWN;
  const marks = flagMarks(shape);
  const { canvas, width } = plate(marks ? `${shape.label} ${marks}` : shape.label, colour, dpr);
  const top = y >= PLATE_HEIGHT ? y - PLATE_HEIGHT : y;
  context.drawImage(canvas, Math.round(x - 1), Math.round(top), width, PLATE_HEIGHT);
};

const inSight = ([x, y, w, h], { width, height }) =>
  x < width && y < height && x + w > 0 && y + h > 0;

/** All shapes in one go: one dark halo under all, then one stroke for each class. */
export const paintShapes = (context, shapes, view, { styles, labels, dpr }) => {
  const groups = new Map();
  const halo = new Path2D();
  const placed = [];
  for (const shape of shapes) {
    const box = toScreen(shape.bbox, view);
    if (!inSight(box, view.panel)) continue;
    halo.rect(...box);
    if (!groups.has(shape.label))
      groups.set(shape.label, { lines: new Path2D(), crowd: new Path2D() });
    const group = groups.get(shape.label);
    group.lines.rect(...box);
    if (shape.crowd) group.crowd.rect(...box);
    placed.push([shape, box]);
  }
  context.setLineDash([]);
  context.strokeStyle = HALO;
  context.lineWidth = 3.5;
  context.stroke(halo);
  context.lineWidth = 2;
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
  context.setLineDash([]);
  context.strokeStyle = HALO;
  context.lineWidth = moving ? 2.5 : 4;
  context.strokeRect(...box);
  context.strokeStyle = colour;
  context.lineWidth = moving ? 1 : 2;
  if (!moving) context.setLineDash(dash);
  context.strokeRect(...box);
  context.setLineDash([]);
  if (labels && !moving) drawPlate(context, shape, box, styles, dpr);
  if (!handles) return;
  const points = handlePoints(box);
  const least = Math.min(box[2], box[3]);
  for (const name of HANDLES) {
    const side = name.length === 1;
    if (side && least < 36) continue;
    const size = side || least < 36 ? 6 : 9;
    const [x, y] = points[name];
    context.fillStyle = "#fff";
    context.strokeStyle = "#16181d";
    context.lineWidth = 1.5;
    context.beginPath();
    context.rect(x - size / 2, y - size / 2, size, size);
    context.fill();
    context.stroke();
  }
};

/** The pixels of a box being drawn, beside its corner. */
export const paintSize = (context, [x, y, w, h], view) => {
  const [sx, sy, sw, sh] = toScreen([x, y, w, h], view);
  const text = `${Math.round(w)} × ${Math.round(h)}`;
  context.font = FONT;
  const width = context.measureText(text).width + 10;
  const left = Math.min(sx + sw + 6, view.panel.width - width - 2);
  const top = Math.min(sy + sh + 6, view.panel.height - PLATE_HEIGHT - 2);
  context.fillStyle = "rgba(12, 14, 18, 0.85)";
  context.fillRect(left, top, width, PLATE_HEIGHT);
  context.fillStyle = "#fff";
  context.textBaseline = "middle";
  context.fillText(text, left + 5, top + PLATE_HEIGHT / 2 + 0.5);
};

/** Thin white lines on a dark halo: to be seen on any picture. */
const strokeGuides = (context, lines) => {
  context.setLineDash([]);
  context.strokeStyle = "rgba(12, 14, 18, 0.55)";
  context.lineWidth = 3;
  context.stroke(lines);
  context.strokeStyle = "rgba(255, 255, 255, 0.9)";
  context.lineWidth = 1;
  context.stroke(lines);
};

/** Guide lines through the cursor, across the picture. */
export const paintCrosshair = (context, point, view) => {
  const [x, y] = view.toScreen(point).map((v) => Math.round(v) + 0.5);
  const { width, height } = view.panel;
  const gap = 7;
  const lines = new Path2D();
  for (const [x0, y0, x1, y1] of [
    [0, y, x - gap, y],
    [x + gap, y, width, y],
    [x, 0, x, y - gap],
    [x, y + gap, x, height],
  ]) {
    lines.moveTo(x0, y0);
    lines.lineTo(x1, y1);
  }
  strokeGuides(context, lines);
};

/** Points of an extreme click still under way. */
export const paintPoints = (context, points, view, colour) => {
  for (const point of points) {
    const [x, y] = view.toScreen(point);
    context.beginPath();
    context.arc(x, y, 4, 0, 2 * Math.PI);
    context.fillStyle = colour;
    context.fill();
    context.strokeStyle = "#16181d";
    context.lineWidth = 2;
    context.stroke();
  }
};

/** Lines that cut the picture into strips to search one by one. */
export const paintGrid = (context, view) => {
  const { width, height } = view.frame;
  const [left, top] = view.toScreen([0, 0]);
  const [right, bottom] = view.toScreen([width, height]);
  const lines = new Path2D();
  for (let column = 1; column < GRID.columns; column++) {
    const x = Math.round(left + ((right - left) * column) / GRID.columns) + 0.5;
    lines.moveTo(x, top);
    lines.lineTo(x, bottom);
  }
  for (let row = 1; row < GRID.rows; row++) {
    const y = Math.round(top + ((bottom - top) * row) / GRID.rows) + 0.5;
    lines.moveTo(left, y);
    lines.lineTo(right, y);
  }
  strokeGuides(context, lines);
};
