// The attributes of a box: what they are called, their keys, and how they change.

export const FLAGS = {
  occluded: { key: "O", word: "Occluded", help: "Occluded: level 0, 1, 2, 3" },
  truncated: { key: "T", word: "Truncated", help: "Truncated by the picture's edge" },
  crowd: { key: "R", word: "Crowd region", help: "Crowd region" },
  unsure: { key: "U", word: "Unsure", help: "Unsure" },
  mirror: { key: "M", word: "Mirror", help: "Mirror image" },
};

const LEVELS = ["none", "under 25 %", "under 50 %", "50 % or more"];

/** The shape's next value of a flag: levels go round, switches turn over. */
export const nextFlag = (shape, name) =>
  name === "occluded" ? { occluded: (shape.occluded + 1) % 4 } : { [name]: !shape[name] };

/** A flag's state as shown on its button. */
export const flagText = (shape, name) => {
  const { word } = FLAGS[name];
  return name === "occluded" ? `${word} ${shape.occluded}` : word;
};

/** A flag's state as spoken. */
export const flagSpoken = (shape, name) => {
  const { word } = FLAGS[name];
  if (name === "occluded") return `${word} level ${shape.occluded}, ${LEVELS[shape.occluded]}`;
  return `${word} ${shape[name] ? "on" : "off"}`;
};

/** The set flags in short, after what a review says of the shape: "O2 T". */
export const flagMarks = (shape) =>
  Object.entries(FLAGS)
    .filter(([name]) => shape[name])
    .map(([name, { key }]) => (name === "occluded" ? `O${shape.occluded}` : key))
    .concat(shape.verdict?.mark ?? [])
    .join(" ");
