// The picture in its panel: canvas layers, zoom and pan, guide lines, light, and the cursor that
// pointer and keyboard share.

import { clampPoint } from "../core/geometry.js";
import { viewport } from "../core/viewport.js";
import { capital } from "../core/words.js";
import { el } from "./dom.js";
import { layers } from "./layers.js";
import { paintCrosshair, paintGrid } from "./painter.js";

const LOADING = "Loading the picture…";

/**
 * The stage of an editor (see modes/shapes.js), which draws what lies on the picture:
 * `paintShapes(context, look)` and `paintOverlay(context, look)`, where `look` has the device's pixel
 * ratio and whether labels are shown. `view` is the transform, `bitmap` the picture, `cursor` the
 * place at hand or null.
 */
export const pictureStage = (editor, signal) => {
  const { session } = editor;
  const host = el("div.canvas", {
    tabIndex: 0,
    role: "application",
    "aria-label": `${editor.canvasLabel} The list of ${editor.plural} does the same; ? shows all keys.`,
  });
  const ratios = session.items.map(({ width, height }) => width / height);
  host.style.setProperty("--ls-ratio", Math.min(...ratios));
  const veil = el("div.veil", LOADING);
  const where = el("span.where", { "aria-hidden": "true" });
  const light = editor.makeLight();
  const showing = { labels: true, shapes: true, crosshair: true, grid: false, cursor: false };
  const view = viewport(() => stage.request());

  const paintBitmap = (context) => {
    const { frame, scale, x, y } = view;
    context.imageSmoothingEnabled = scale < 3;
    context.imageSmoothingQuality = "medium";
    context.drawImage(stage.bitmap, x, y, frame.width * scale, frame.height * scale);
  };
  const paintOverlay = (context, look) => {
    const seen = showing.cursor ? stage.cursor : null;
    // Numbers change once a frame, however fast the pointer reports.
    where.textContent = seen ? editor.told(seen) : "";
    if (showing.grid) paintGrid(context, view);
    editor.paintOverlay(context, look);
    if (seen && showing.crosshair && editor.guided) paintCrosshair(context, seen, view);
  };
  const ready = (paint) => (context, dpr) =>
    stage.ready && paint(context, { labels: showing.labels, dpr });

  const stage = {
    host,
    light,
    showing,
    view,
    node: el("div.stage", host, light.node),
    bitmap: null,
    cursor: null,
    panning: false,

    /** True once there is a picture to work on. */
    get ready() {
      return stage.bitmap !== null;
    },

    /** Shows a picture, or the words that stand in for it; `anew` fits it into the panel. */
    show(picture, frame, anew) {
      stage.bitmap = picture?.bitmap ?? null;
      veil.hidden = stage.ready;
      veil.textContent = picture?.error ?? LOADING;
      if (anew) {
        stage.cursor = null;
        view.show(frame);
      }
      stage.request();
    },

    /** Repaints layers, or all of them. */
    request: (...names) => stage.layers.request(...names),

    /** Switches something shown on or off. */
    toggle(name, word = name) {
      showing[name] = !showing[name];
      session.say(`${capital(word)} ${showing[name] ? "shown" : "hidden"}`);
      session.emit("showing");
      stage.request("shapes", "overlay");
    },

    /** Opens or closes the panel that changes how the picture looks. */
    toggleLight() {
      if (!light.toggle()) stage.focus();
      session.emit("showing");
    },

    focus() {
      host.focus({ preventScroll: true });
    },

    /** The cursor, or the middle of what is in sight. */
    get place() {
      const { width, height } = view.panel;
      return stage.cursor ?? clampPoint(view.toImage([width / 2, height / 2]), view.frame);
    },

    /** Arrow keys move the cursor where nothing is selected. */
    step(dx, dy) {
      const [x, y] = stage.place;
      const to = clampPoint([x + dx, y + dy], view.frame);
      stage.hover(to, true);
      view.reveal(to);
      session.say(`Cursor at ${editor.told(to)}`);
    },

    hover(point, shown) {
      stage.cursor = point;
      showing.cursor = Boolean(shown);
      stage.request("overlay");
    },

    leave() {
      stage.hover(stage.cursor, false);
    },

    /** While the space bar is held, a drag moves the picture. */
    holdPan(on) {
      if (stage.panning === on) return;
      stage.panning = on;
      host.style.cursor = on ? "grab" : editor.resting;
    },
  };
  const paint = {
    picture: ready(editor.paintPicture ?? paintBitmap),
    shapes: ready((context, look) => showing.shapes && editor.paintShapes(context, look)),
    overlay: ready(paintOverlay),
  };
  stage.layers = layers(host, view, paint, signal);
  host.append(veil, where);
  host.addEventListener("blur", () => stage.holdPan(false), { signal });
  return stage;
};
