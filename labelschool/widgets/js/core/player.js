// Plays the frames of a clip. None is left out, and a picture that is late is waited for: an
// annotator must not miss the frame in which somebody vanishes.

/**
 * `next()` shows the next frame, `ready()` tells whether its picture is there, `atEnd()` whether
 * there is none; `period()` is the time of a frame in ms, `onChange()` runs when playing starts or
 * stops. Returns { playing, play, stop }.
 */
export const player = ({ next, ready, atEnd, period, onChange }) => {
  let timer = 0;
  let due = null;
  const run = (now) => {
    if (atEnd()) return stop();
    timer = requestAnimationFrame(run);
    due ??= now + period();
    if (now < due || !ready()) return;
    due = Math.max(due + period(), now);
    next();
  };
  const stop = () => {
    if (!timer) return;
    cancelAnimationFrame(timer);
    timer = 0;
    onChange();
  };
  const play = () => {
    due = null;
    timer = requestAnimationFrame(run);
    onChange();
  };
  return {
    get playing() {
      return timer > 0;
    },
    play,
    stop,
  };
};
