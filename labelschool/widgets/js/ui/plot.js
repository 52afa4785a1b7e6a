// A small plot: lines as the kernel gives them, and handles, which are number fields that can be
// dragged. The fields themselves are what keyboards and screen readers use.

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 400;
const HEIGHT = 200;

const draw = (tag, props, ...children) => {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(props)) node.setAttribute(name, value);
  node.append(...children);
  return node;
};

/** Takes numbers between `a` and `b` to numbers between `c` and `d`. */
const linear =
  ([a, b], [c, d]) =>
  (value) =>
    c + ((value - a) / (b - a)) * (d - c);

/** The nearest value that a number field can hold. */
const held = (value, { min = -Infinity, max = Infinity, step }, [from, to]) => {
  const by = step ?? (to - from) / 200;
  return Math.min(max, Math.max(min, Number((Math.round(value / by) * by).toFixed(6))));
};

/**
 * `spec`: { label, x, y, x_label, y_label, handles: [{ x, y }] }; `x` and `y` are the ends of the
 * axes, those of a handle the names of the fields it moves, one of which may be empty. `set(values)`
 * takes what was dragged. Returns { node, show(values, lines) }.
 */
export const plot = ({ label, x, y, x_label, y_label, handles }, fields, set) => {
  const across = linear(x, [0, WIDTH]);
  const up = linear(y, [HEIGHT, 0]);
  const text = (words, left, top, anchor) =>
    draw("text", { x: left, y: top, "text-anchor": anchor }, words);
  const lines = draw("g", { class: "ls-lines" });

  const grips = handles.map((handle) => {
    const guide = draw("path", {});
    const dot = draw("circle", { r: 10 });
    const node = draw("g", { class: "ls-handle" }, guide, dot);
    node.onpointerdown = (event) => {
      event.preventDefault();
      node.setPointerCapture(event.pointerId);
    };
    node.onpointermove = ({ pointerId, clientX, clientY }) => {
      if (!node.hasPointerCapture(pointerId)) return;
      const { left, right, top, bottom } = svg.getBoundingClientRect();
      const values = {};
      for (const [name, ends, value] of [
        [handle.x, x, linear([left, right], x)(clientX)],
        [handle.y, y, linear([bottom, top], y)(clientY)],
      ]) {
        const field = fields.find((one) => one.name === name);
        if (field) values[name] = held(value, field, ends);
      }
      set(values);
    };
    const show = (values) => {
      const left = handle.x ? across(values[handle.x] ?? x[0]) : WIDTH / 2;
      const top = handle.y ? up(values[handle.y] ?? y[0]) : HEIGHT / 2;
      dot.setAttribute("cx", left);
      dot.setAttribute("cy", top);
      guide.setAttribute(
        "d",
        `${handle.x && `M${left} 0V${HEIGHT}`}${handle.y && `M0 ${top}H${WIDTH}`}`,
      );
    };
    return { node, show };
  });

  const svg = draw(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "ls-plot", role: "img", "aria-label": label },
    draw("path", { d: `M0 0V${HEIGHT}H${WIDTH}` }),
    text(`${y[1]} ${y_label}`, 0, -8, "start"),
    text(y[0], -6, HEIGHT, "end"),
    text(x[0], 0, HEIGHT + 16, "start"),
    text(`${x_label} ${x[1]}`, WIDTH, HEIGHT + 16, "end"),
    lines,
    ...grips.map(({ node }) => node),
  );
  const show = (values, points) => {
    const path = (line) => draw("path", { d: `M${line.map(([a, b]) => [across(a), up(b)])}` });
    lines.replaceChildren(...points.map(path));
    for (const grip of grips) grip.show(values);
  };
  return { node: svg, show };
};
