import assert from "node:assert/strict";
import { test } from "node:test";
import { viewport } from "../../labelschool/widgets/js/core/viewport.js";

const shown = () => {
  const view = viewport();
  view.resize(800, 600);
  view.show({ width: 640, height: 480 });
  return view;
};

const near = (a, b) => {
  for (const at of a.keys()) assert.ok(Math.abs(a[at] - b[at]) < 1e-9, `${a} is not ${b}`);
};

test("screen and picture points are each other's inverse", () => {
  const view = shown();
  view.zoomAt([100, 50], 3.3);
  near(view.toImage(view.toScreen([12.5, 300])), [12.5, 300]);
});

test("a fitted picture is centred and stays fitted when the panel changes", () => {
  const view = shown();
  near(view.toScreen([320, 240]), [400, 300]);
  view.resize(400, 600);
  near(view.toScreen([320, 240]), [200, 300]);
  assert.ok(view.scale * 640 <= 400);
});

test("zooming keeps the point under the pointer", () => {
  const view = shown();
  const before = view.toImage([250, 170]);
  view.zoomAt([250, 170], 2.5);
  near(view.toImage([250, 170]), before);
});

test("a zoomed view keeps its centre when the panel changes", () => {
  const view = shown();
  view.zoom(4);
  const centre = view.toImage([400, 300]);
  view.resize(500, 700);
  near(view.toImage([250, 350]), centre);
});

test("the picture cannot be panned out of sight", () => {
  const view = shown();
  view.pan(1e6, -1e6);
  assert.ok(view.x < 800);
  assert.ok(view.y + view.scale * 480 > 0);
});

test("reveal pans only as far as needed", () => {
  const view = shown();
  view.zoom(6);
  view.reveal([0, 0]);
  const [x, y] = view.toScreen([0, 0]);
  assert.ok(x >= 0 && y >= 0);
  const held = [view.x, view.y];
  view.reveal(view.toImage([400, 300]));
  assert.deepEqual([view.x, view.y], held);
});
