// The transform between picture and panel: screen = image * scale + offset, in CSS pixels.

const MAX_SCALE = 40;
const MARGIN = 12;
const KEEP_VISIBLE = 48;

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

/** `onChange()` runs when the transform has changed. */
export const viewport = (onChange = () => {}) => {
  let panel = { width: 0, height: 0 };
  let frame = { width: 1, height: 1 };
  let home = [0, 0, 1, 1];
  let [scale, x, y] = [1, 0, 0];
  let fitted = true;

  /** Part of the picture always stays in sight. */
  const settle = () => {
    x = clamp(x, KEEP_VISIBLE - frame.width * scale, panel.width - KEEP_VISIBLE);
    y = clamp(y, KEEP_VISIBLE - frame.height * scale, panel.height - KEEP_VISIBLE);
    fitted = false;
    onChange();
  };
  const centre = ([ix, iy]) => {
    x = panel.width / 2 - ix * scale;
    y = panel.height / 2 - iy * scale;
    settle();
  };
  /** The scale at which a box fits into the panel, with a margin all around. */
  const scaleOf = ([, , w, h], margin) =>
    Math.min((panel.width - 2 * margin) / w, (panel.height - 2 * margin) / h);
  const fitScale = () => clamp(scaleOf(home, MARGIN), 0.02, MAX_SCALE);
  const middle = ([left, top, w, h]) => [left + w / 2, top + h / 2];

  const fit = () => {
    scale = fitScale();
    centre(middle(home));
    fitted = true;
  };
  const toImage = ([sx, sy]) => [(sx - x) / scale, (sy - y) / scale];
  const toScreen = ([ix, iy]) => [ix * scale + x, iy * scale + y];
  const pan = (dx, dy) => {
    x += dx;
    y += dy;
    settle();
  };
  /** Zooms by a factor and keeps the picture point under the screen point in place. */
  const zoomAt = ([sx, sy], factor) => {
    const to = clamp(scale * factor, fitScale() / 4, MAX_SCALE);
    x = sx - ((sx - x) * to) / scale;
    y = sy - ((sy - y) * to) / scale;
    scale = to;
    settle();
  };

  return {
    get panel() {
      return panel;
    },
    get frame() {
      return frame;
    },
    get scale() {
      return scale;
    },
    get x() {
      return x;
    },
    get y() {
      return y;
    },
    /** Whether the picture lies as `fit` puts it. */
    get fitted() {
      return fitted;
    },
    fit,
    toImage,
    toScreen,
    pan,
    zoomAt,

    /** Takes a new panel size; the view stays fitted if it was, else keeps its centre. */
    resize(width, height) {
      const held = toImage([panel.width / 2, panel.height / 2]);
      panel = { width, height };
      if (fitted) fit();
      else centre(held);
    },

    /** Takes a new picture and fits it, or that part of it which is its `home`. */
    show(picture) {
      frame = picture;
      home = frame.home ?? [0, 0, frame.width, frame.height];
      fit();
    },

    /** Zooms from the middle of the panel. */
    zoom: (factor) => zoomAt([panel.width / 2, panel.height / 2], factor),

    /** Shows a box with room around it. */
    zoomTo(box) {
      scale = clamp(scaleOf(box, 0) / 1.8, fitScale(), MAX_SCALE);
      centre(middle(box));
    },

    /** Pans as little as needed to bring a point into sight. */
    reveal(point) {
      const [sx, sy] = toScreen(point);
      const dx = clamp(sx, MARGIN, panel.width - MARGIN) - sx;
      const dy = clamp(sy, MARGIN, panel.height - MARGIN) - sy;
      if (dx || dy) pan(dx, dy);
    },
  };
};
