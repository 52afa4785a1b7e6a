// Tracks: one object through a clip, as keyframes { frame, bbox, occluded, outside } in the order of
// their frames. Between keyframes the box moves in a straight line; `occluded` (fully hidden) and
// `outside` (gone) hold until the next keyframe. labelschool/model/motion.py computes the same.

import { roundBox, translate } from "./geometry.js";

/** The state at a frame, { frame, bbox, occluded, outside }; null before the first keyframe. */
export const stateAt = ({ keyframes }, frame) => {
  const at = keyframes.findLastIndex((key) => key.frame <= frame);
  if (at < 0) return null;
  const key = keyframes[at];
  const following = keyframes[at + 1];
  if (key.frame === frame || !following) return { ...key, frame };
  const share = (frame - key.frame) / (following.frame - key.frame);
  const bbox = key.bbox.map((a, side) => a + (following.bbox[side] - a) * share);
  return { ...key, frame, bbox };
};

export const keyAt = ({ keyframes }, frame) => keyframes.find((key) => key.frame === frame);

/** What there is of a track at a frame: "before", "outside", "occluded", a "key" or "between". */
export const kindAt = (track, frame) => {
  const state = stateAt(track, frame);
  if (!state) return "before";
  if (state.outside) return "outside";
  if (state.occluded) return "occluded";
  return keyAt(track, frame) ? "key" : "between";
};

/** True where there is a box to see or to guess: the track has begun and not left. */
export const isThere = (track, frame) => !["before", "outside"].includes(kindAt(track, frame));

/** The box at a frame; before the track begins, the one it begins with. */
export const boxAt = (track, frame) => (stateAt(track, frame) ?? track.keyframes[0]).bbox;

/** The keyframes with one at this frame: what the track shows there, and the change. */
export const withKey = (track, frame, change = {}) => {
  const state = stateAt(track, frame) ?? { ...track.keyframes[0], frame };
  const key = { ...state, ...change };
  return [...withoutKey(track, frame), { ...key, bbox: roundBox(key.bbox) }].sort(
    (a, b) => a.frame - b.frame,
  );
};

export const withoutKey = ({ keyframes }, frame) => keyframes.filter((key) => key.frame !== frame);

/** The frame of the keyframe next to a frame in the direction of `step`; undefined if none is. */
export const nextKeyFrame = (tracks, frame, step) =>
  tracks
    .flatMap(({ keyframes }) => keyframes.map((key) => key.frame))
    .filter((other) => (other - frame) * step > 0)
    .sort((a, b) => (a - b) * step)[0];

/**
 * The keyframes of the part before a frame, which leaves there, and of the part from it on; null
 * where one of them would show nothing.
 */
export const split = (track, frame) => {
  const { keyframes } = track;
  const before = keyframes.filter((key) => key.frame < frame);
  if (before.every((key) => key.outside)) return null;
  if (isThere(track, frame)) {
    const after = withKey(track, frame).filter((key) => key.frame >= frame);
    // It leaves on the line it moved on, so what was seen before stays as it was.
    return [[...before, { ...after[0], occluded: false, outside: true }], after];
  }
  const back = keyframes.findIndex((key) => key.frame > frame && !key.outside);
  return back < 0 ? null : [keyframes.filter((key) => key.frame <= frame), keyframes.slice(back)];
};

/**
 * Two tracks as one, which stays the one that begins first: { early, late, keyframes }. Where both
 * have keyframes those of the later one count, from its first to its last.
 */
export const join = (a, b) => {
  const [early, late] = a.keyframes[0].frame <= b.keyframes[0].frame ? [a, b] : [b, a];
  const first = late.keyframes[0].frame;
  const last = late.keyframes.at(-1).frame;
  const keyframes = [
    ...early.keyframes.filter((key) => key.frame < first),
    ...late.keyframes,
    ...early.keyframes.filter((key) => key.frame > last),
  ];
  return { early, late, keyframes };
};

/** All keyframes moved by (dx, dy), stopped by the frame of the picture. */
export const moved = ({ keyframes }, dx, dy, frame) =>
  keyframes.map((key) => ({ ...key, bbox: translate(key.bbox, dx, dy, frame) }));

/** The number after the highest in use: a deleted track's number is free again, no other moves. */
export const nextId = (tracks) =>
  String(1 + Math.max(0, ...tracks.map(({ id }) => Number(id)).filter(Number.isInteger)));
