// Eight class colours at least 10 CIEDE2000 apart for readers with protanopia, deuteranopia or
// tritanopia (tests/unit/test_palette.py), each with its own dash: no class is told by colour alone.

const STYLES = [
  { colour: "#24d9ff", dash: [] },
  { colour: "#d98800", dash: [9, 4] },
  { colour: "#3abc73", dash: [3, 3] },
  { colour: "#ffe83b", dash: [12, 3, 3, 3] },
  { colour: "#c54a0a", dash: [6, 2] },
  { colour: "#eda8c0", dash: [14, 5] },
  { colour: "#ffffff", dash: [9, 3, 2, 3, 2, 3] },
  { colour: "#0b89da", dash: [2, 5] },
];

export const UNKNOWN = { colour: "#c8ccd4", dash: [1, 3] };

const styleAt = (index) => {
  const round = Math.floor(index / STYLES.length);
  const { colour } = STYLES[index % STYLES.length];
  return { colour, dash: STYLES[(index + 3 * round) % STYLES.length].dash };
};

/** The style of each class, in order; after eight the colours start over with other dashes. */
export const styles = (classes) => new Map(classes.map((name, index) => [name, styleAt(index)]));

/** Black or white, whichever reads better on a colour (WCAG relative luminance). */
export const inkOn = (colour) => {
  const [r, g, b] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return (luminance + 0.05) ** 2 > 0.0525 ? "#101216" : "#ffffff";
};
