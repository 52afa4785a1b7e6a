// What is typed in one go, and where the caret belongs.

const REST_MS = 1000;

/**
 * A function that takes input events with the place of the caret and returns the number of the go of
 * writing: a new word, a rest, another place, or another kind of change (writing, deleting, pasting)
 * begins a new one. A go is one step to undo.
 */
export const goes = () => {
  let go = 0;
  let last = {};
  return ({ inputType, data, timeStamp }, caret = 0) => {
    const goesOn =
      inputType === last.inputType &&
      data !== " " &&
      timeStamp - last.timeStamp <= REST_MS &&
      Math.abs(caret - last.caret) <= 1;
    if (!goesOn) go += 1;
    last = { inputType, timeStamp, caret };
    return go;
  };
};

/** The offset behind what differs between two texts. */
export const behindChange = (before, after) => {
  let same = 0;
  while (same < after.length && before.at(-1 - same) === after.at(-1 - same)) same += 1;
  return after.length - same;
};

/** The white space that the line of an offset begins with. */
export const indentAt = (text, offset) => {
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  return /^[ \t]*/.exec(line)[0];
};
