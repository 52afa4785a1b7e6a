// What can be done with the selected track at the frame in sight: by key, and by button in the list.

import * as tracks from "../core/tracks.js";
import { el, keyButton, press } from "../ui/dom.js";

const name = ({ label, id }) => `${label} ${id}`;

const keyframe = (editor, track, mode) => {
  const { frame } = editor;
  const held = tracks.keyAt(track, frame);
  const keyframes = held
    ? tracks.withoutKey(track, frame)
    : tracks.withKey(track, frame, { outside: false });
  if (!keyframes.length) return "This is its only keyframe: Delete removes the track";
  editor.change(track.id, { keyframes }, mode);
  return `${name(track)}: keyframe ${held ? "removed" : "set"} at frame ${frame}`;
};

/** Turns `occluded` or `outside` over, from this frame to the next keyframe. */
const turn = (flag, word) => (editor, track, mode) => {
  const { frame } = editor;
  const state = tracks.stateAt(track, frame);
  if (!state) return `${name(track)} begins only at frame ${track.keyframes[0].frame}`;
  const on = !state[flag];
  const flags = { occluded: false, outside: false, [flag]: on };
  editor.change(track.id, { keyframes: tracks.withKey(track, frame, flags) }, mode);
  return `${name(track)} is ${on ? word : "in sight again"} from frame ${frame} on`;
};

const split = (editor, track, mode) => {
  const parts = tracks.split(track, editor.frame);
  if (!parts) return "Nothing to split: it must be seen on both sides of this frame";
  const { session, shapes } = editor;
  const [before, after] = parts.map((keyframes) => ({ ...track, keyframes }));
  const later = { ...after, id: tracks.nextId(shapes), ms: session.lap(), mode };
  editor.selected = later.id;
  editor.put(
    shapes.flatMap((held) => (held === track ? [before, later] : held)),
    { mode },
  );
  return `Split: from frame ${later.keyframes[0].frame} on it is ${name(later)}`;
};

/** Joins a track with the one selected before it. */
const join = (editor, track, mode) => {
  const { shapes, session } = editor;
  const other = previous(editor);
  if (!other) return "Select the two tracks one after the other, then J";
  const { early, late, keyframes } = tracks.join(other, track);
  const joined = { ...early, keyframes, ms: early.ms + late.ms + session.lap() };
  editor.selected = early.id;
  const rest = shapes.filter((held) => held !== late);
  editor.put(
    rest.map((held) => (held === early ? joined : held)),
    { mode },
  );
  return `Joined ${name(late)} into ${name(early)}`;
};

const previous = (editor) => editor.shape(editor.recent[1]);

/** Key, word, help, what it does and says, and what it switches at a frame. */
const ACTS = [
  ["A", "Keyframe", "Keyframe here, or none", keyframe, "key"],
  ["O", "Hidden", "Fully hidden from this frame on", turn("occluded", "hidden"), "occluded"],
  ["Q", "Outside", "Gone from this frame on", turn("outside", "gone"), "outside"],
  ["S", "Split", "A new track from this frame on", split],
  ["J", "Join", "Join with the track selected before", join],
];

const run = (editor, [key, , , act], mode) => {
  const track = editor.selectedShape;
  editor.say(track ? act(editor, track, mode) : `Select a track first, then ${key}`);
};

export const actKeys = (editor) =>
  ACTS.map((row) => [row[0], row[2], () => run(editor, row, "keyboard")]);

/** The same as buttons: { node, fill(track) }. */
export const actButtons = (editor) => {
  const buttons = ACTS.map((row) => {
    const [key, text, title] = row;
    return keyButton({ key, text, title, onClick: () => run(editor, row, "list") });
  });
  const fill = (track) => {
    const { frame } = editor;
    const on = { key: tracks.keyAt(track, frame), ...tracks.stateAt(track, frame) };
    for (const [at, [, , , , flag]] of ACTS.entries()) {
      if (flag) press(buttons[at], on[flag]);
    }
    const other = previous(editor);
    buttons[4].lastChild.textContent = other ? `Join ${name(other)}` : "Join";
  };
  return { node: el("div.flags", ...buttons), fill };
};
