// Names and numbers as they are said.

export const capital = (words) => words[0].toUpperCase() + words.slice(1);

/** "1 box", "3 boxes". */
export const counted = (count, word, plural = `${word}s`) =>
  `${count} ${count === 1 ? word : plural}`;

/** A name of a field or a class without its underscores. */
export const spaced = (name) => name.replaceAll("_", " ");

/** Seconds as minutes, or minutes as hours: 75 is "1:15". */
export const clock = (count) =>
  `${Math.floor(count / 60)}:${String(Math.floor(count % 60)).padStart(2, "0")}`;
