// Masks as COCO's compressed run lengths { size: [height, width], counts }, and as bands.
//
// A band is some whole columns of the picture { x, width, height, data } with one byte for each
// pixel, column by column as the runs go: `x` is its first column. Work on a band costs what the
// object is wide, not the picture.

/** The lengths of the runs, background first. */
const unpack = (counts) => {
  const runs = [];
  let at = 0;
  while (at < counts.length) {
    let value = 0;
    let shift = 0;
    let code;
    do {
      code = counts.charCodeAt(at++) - 48;
      value |= (code & 31) << shift;
      shift += 5;
    } while (code & 32);
    if (code & 16) value |= -1 << shift;
    // From the third on, a run is told by its difference to the last one of its kind.
    runs.push(runs.length > 2 ? value + runs.at(-2) : value);
  }
  return runs;
};

const pack = (runs) => {
  let text = "";
  runs.forEach((run, at) => {
    let rest = at > 2 ? run - runs[at - 2] : run;
    let more = true;
    while (more) {
      const low = rest & 31;
      rest >>= 5;
      more = rest !== (low & 16 ? -1 : 0);
      text += String.fromCharCode(48 + (more ? low | 32 : low));
    }
  });
  return text;
};

/** A number of pixels held between none and all. */
export const clamp = (value, end) => Math.min(end, Math.max(0, value));

export const blank = (x, width, height) => ({
  x,
  width,
  height,
  data: new Uint8Array(width * height),
});

export const decode = ({ size: [height], counts }) => {
  // The places where the mask begins and ends, in turns.
  let end = 0;
  const edges = unpack(counts).map((run) => {
    end += run;
    return end;
  });
  if (edges.length % 2) edges.pop();
  if (!edges.length) return blank(0, 0, height);
  const x = Math.floor(edges[0] / height);
  const band = blank(x, Math.ceil(edges.at(-1) / height) - x, height);
  for (let at = 0; at < edges.length; at += 2) {
    band.data.fill(1, edges[at] - x * height, edges[at + 1] - x * height);
  }
  return band;
};

/** Calls `each(start, end)` for every stretch of pixels of a band. */
export const stretches = ({ data }, each) => {
  for (let at = data.indexOf(1); at >= 0; ) {
    const gap = data.indexOf(0, at);
    const end = gap < 0 ? data.length : gap;
    each(at, end);
    at = data.indexOf(1, end);
  }
};

/** The run lengths of a band in a picture of a width. */
export const encode = (band, width) => {
  const { x, height } = band;
  const edges = [];
  stretches(band, (start, end) => edges.push(x * height + start, x * height + end));
  const total = width * height;
  if (edges.at(-1) !== total) edges.push(total);
  const runs = edges.map((edge, at) => edge - (edges[at - 1] ?? 0));
  return { size: [height, width], counts: pack(runs) };
};

/** A band with the pixels of others set as well, or with value 0 cleared. */
export const combined = (band, others, value = 1) => {
  const { height } = band;
  const all = [band, ...others].filter(({ width }) => width);
  const x = Math.min(...all.map((one) => one.x));
  const right = Math.max(x, ...all.map((one) => one.x + one.width));
  const whole = blank(all.length && x, right - x || 0, height);
  const put = (other, as) =>
    stretches(other, (start, end) => {
      const first = (other.x - x) * height;
      whole.data.fill(as, first + start, first + end);
    });
  put(band, 1);
  for (const other of others) put(other, value);
  return whole;
};

/** Points on the way from a to b, none further than a step from the last; b is one of them. */
export const waypoints = ([ax, ay], [bx, by], step) => {
  const count = Math.ceil(Math.hypot(bx - ax, by - ay) / step) || 1;
  return Array.from({ length: count }, (_, at) => {
    const share = (at + 1) / count;
    return [ax + share * (bx - ax), ay + share * (by - ay)];
  });
};

/**
 * The band of the pixels whose centre a round brush covers on its way through points, and of those
 * that hold its own centre, so that the finest brush paints a line without gaps.
 */
export const stroke = (way, size, { width, height }) => {
  const radius = size / 2;
  const xs = way.map(([x]) => x);
  const left = clamp(Math.floor(Math.min(...xs) - radius), width);
  const right = clamp(Math.ceil(Math.max(...xs) + radius) + 1, width);
  const band = blank(left, right - left, height);
  const fill = (column, top, end) => {
    const first = (column - left) * height;
    if (column < left || column >= right) return;
    band.data.fill(1, first + clamp(top, height), first + clamp(end, height));
  };
  // Dabs this close leave less than a twentieth of a pixel between them.
  const step = Math.sqrt(size) / 3;
  for (const [at, point] of way.entries()) {
    for (const [x, y] of waypoints(way[at - 1] ?? point, point, step)) {
      fill(Math.floor(x), Math.floor(y), Math.floor(y) + 1);
      for (let column = Math.floor(x - radius); column < x + radius; column++) {
        const half = Math.sqrt(radius ** 2 - (column + 0.5 - x) ** 2);
        fill(column, Math.ceil(y - half - 0.5), Math.floor(y + half - 0.5) + 1);
      }
    }
  }
  return band;
};
