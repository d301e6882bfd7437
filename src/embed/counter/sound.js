// Two notes by WebAudio, where nothing can be spoken. No file.

/** A browser that may play does so by then; one that waits for a gesture stays silent. */
const STARTS_MS = 700;
/** Hertz, and seconds after the first note. */
const NOTES = [[880, 0], [1318.5, 0.16]];

/** A sound that may be heard, or not yet: browsers want a gesture first. `onSilence` is called once if that is so. */
export function sound(browser, onSilence) {
  const Context = browser.AudioContext || browser.webkitAudioContext;
  if (!Context) {
    return { play() {}, unlock() {}, stop() {} };
  }
  const context = new Context();
  // The promise stays open for as long as it is not allowed, and is refused when the context is closed.
  const resume = () => Promise.resolve(context.resume()).catch(() => {});
  resume();
  const timers = new Set([browser.setTimeout(() => context.state !== 'running' && onSilence(), STARTS_MS)]);

  function strike() {
    const loud = context.createGain();
    loud.connect(context.destination);
    const now = context.currentTime;
    NOTES.forEach(([hertz, after], index) => {
      const note = context.createOscillator();
      const fade = context.createGain();
      note.frequency.value = hertz;
      fade.gain.setValueAtTime(0.0001, now + after);
      fade.gain.exponentialRampToValueAtTime(0.5, now + after + 0.02);
      fade.gain.exponentialRampToValueAtTime(0.0001, now + after + 0.6);
      note.connect(fade);
      fade.connect(loud);
      note.start(now + after);
      note.stop(now + after + 0.65);
      if (index === NOTES.length - 1) {
        note.onended = () => loud.disconnect();
      }
    });
  }

  return {
    /** Now or not at all: a sound that comes with a later gesture would tell of another payment. */
    play() {
      let late = false;
      const timer = browser.setTimeout(() => {
        late = true;
        timers.delete(timer);
      }, STARTS_MS);
      timers.add(timer);
      resume().then(() => {
        if (!late && context.state === 'running') {
          strike();
        }
      });
    },
    /** Within a gesture. `onSound` is called once it may be heard. */
    unlock(onSound) {
      resume().then(() => context.state === 'running' && onSound());
    },
    stop() {
      timers.forEach((timer) => browser.clearTimeout(timer));
      Promise.resolve(context.close()).catch(() => {});
    },
  };
}
