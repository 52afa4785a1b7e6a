// Eight class colours that colour-blind readers tell apart (Okabe and Ito 2008, with white for
// black), each with its own dash, so that no class is told by colour alone.

const STYLES = [
  { colour: "#56b4e9", dash: [] },
  { colour: "#e69f00", dash: [9, 4] },
  { colour: "#00b888", dash: [3, 3] },
  { colour: "#f0e442", dash: [12, 3, 3, 3] },
  { colour: "#f0743a", dash: [6, 2] },
  { colour: "#e08cc0", dash: [14, 5] },
  { colour: "#ffffff", dash: [9, 3, 2, 3, 2, 3] },
  { colour: "#4f8fe0", dash: [2, 5] },
];

export const UNKNOWN = { colour: "#c8ccd4", dash: [1, 3] };

/** The style of each class, in order; more than eight classes start over. */
export const styles = (classes) =>
  new Map(classes.map((name, index) => [name, STYLES[index % STYLES.length]]));

/** Black or white, whichever reads better on a colour (WCAG relative luminance). */
export const inkOn = (colour) => {
  const [r, g, b] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return (luminance + 0.05) ** 2 > 0.0525 ? "#101216" : "#ffffff";
};
