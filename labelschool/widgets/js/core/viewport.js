// The transform between picture and panel: screen = image * scale + offset, in CSS pixels.

const MAX_SCALE = 40;
const MARGIN = 12;
const KEEP_VISIBLE = 48;

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

export class Viewport {
  constructor() {
    this.panel = { width: 0, height: 0 };
    this.frame = { width: 1, height: 1 };
    this.scale = 1;
    this.x = 0;
    this.y = 0;
    this.fitted = true;
  }

  /** Takes a new panel size; the view stays fitted if it was, else keeps its centre. */
  resize(width, height) {
    const [cx, cy] = this.toImage([this.panel.width / 2, this.panel.height / 2]);
    this.panel = { width, height };
    if (this.fitted) this.fit();
    else this.centre(cx, cy);
  }

  /** Takes a new picture and fits it. */
  show(frame) {
    this.frame = frame;
    this.fit();
  }

  get fitScale() {
    const { width, height } = this.panel;
    const room = Math.min(
      (width - 2 * MARGIN) / this.frame.width,
      (height - 2 * MARGIN) / this.frame.height,
    );
    return clamp(room, 0.02, MAX_SCALE);
  }

  fit() {
    this.scale = this.fitScale;
    this.centre(this.frame.width / 2, this.frame.height / 2);
    this.fitted = true;
  }

  /** Zooms by a factor and keeps the picture point under the screen point in place. */
  zoomAt([sx, sy], factor) {
    const scale = clamp(this.scale * factor, this.fitScale / 4, MAX_SCALE);
    this.x = sx - ((sx - this.x) * scale) / this.scale;
    this.y = sy - ((sy - this.y) * scale) / this.scale;
    this.scale = scale;
    this.#settle();
  }

  /** Zooms from the middle of the panel. */
  zoom(factor) {
    this.zoomAt([this.panel.width / 2, this.panel.height / 2], factor);
  }

  pan(dx, dy) {
    this.x += dx;
    this.y += dy;
    this.#settle();
  }

  /** Shows a box with room around it. */
  zoomTo([x, y, w, h]) {
    const { width, height } = this.panel;
    this.scale = clamp(Math.min(width / (w * 1.8), height / (h * 1.8)), this.fitScale, MAX_SCALE);
    this.centre(x + w / 2, y + h / 2);
  }

  /** Pans as little as needed to bring a point into sight. */
  reveal(point) {
    const [sx, sy] = this.toScreen(point);
    const { width, height } = this.panel;
    const dx = clamp(sx, MARGIN, width - MARGIN) - sx;
    const dy = clamp(sy, MARGIN, height - MARGIN) - sy;
    if (dx || dy) this.pan(dx, dy);
  }

  centre(ix, iy) {
    this.x = this.panel.width / 2 - ix * this.scale;
    this.y = this.panel.height / 2 - iy * this.scale;
    this.#settle();
  }

  toImage([sx, sy]) {
    return [(sx - this.x) / this.scale, (sy - this.y) / this.scale];
  }

  toScreen([ix, iy]) {
    return [ix * this.scale + this.x, iy * this.scale + this.y];
  }

  /** Part of the picture always stays in sight. */
  #settle() {
    const { width, height } = this.panel;
    const across = this.frame.width * this.scale;
    const down = this.frame.height * this.scale;
    this.x = clamp(this.x, KEEP_VISIBLE - across, width - KEEP_VISIBLE);
    this.y = clamp(this.y, KEEP_VISIBLE - down, height - KEEP_VISIBLE);
    this.fitted = false;
  }
}
