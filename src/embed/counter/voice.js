// The amount by the browser's own speech synthesis.

/** Speech that has not begun by then is not coming: no engine behind the voices, or none at all. */
const BEGINS_MS = 3000;
/** What is said before it takes no longer, each. */
const LASTS_MS = 8000;

/** What is being said, by whatever counter of this page: the browser's queue is one for all. */
const live = new Set();

/** The browser's voice. `onFailure` is called for each thing that could not be said. */
export function voice(browser, onFailure) {
  const { speechSynthesis: synthesis, SpeechSynthesisUtterance: Utterance } = browser;
  /** What this counter is saying, and the timer that waits for it to begin. */
  const mine = new Map();
  let unlocked = false;

  function forget(utterance) {
    browser.clearTimeout(mine.get(utterance));
    utterance.onstart = utterance.onend = utterance.onerror = null;
    mine.delete(utterance);
    live.delete(utterance);
  }

  return {
    /** Speaks; what cannot be spoken is told to `onFailure`. */
    say(text, lang) {
      const found = synthesis && Utterance && chosen(synthesis.getVoices() || [], lang);
      if (!found) {
        return onFailure();
      }
      const utterance = new Utterance(text);
      utterance.lang = lang;
      if (found.voiceURI) {
        utterance.voice = found;
      }
      const failed = () => {
        forget(utterance);
        onFailure();
      };
      utterance.onstart = () => browser.clearTimeout(mine.get(utterance));
      utterance.onend = () => forget(utterance);
      utterance.onerror = failed;
      // Kept until it is over: Chromium loses the events of an utterance that nobody holds.
      mine.set(utterance, browser.setTimeout(failed, BEGINS_MS + live.size * LASTS_MS));
      live.add(utterance);
      synthesis.speak(utterance);
    },

    /** Within a gesture: WebKit speaks later only if it has spoken in one. */
    unlock() {
      if (synthesis && Utterance && !unlocked) {
        unlocked = true;
        const silence = new Utterance(' ');
        silence.volume = 0;
        synthesis.speak(silence);
      }
    },

    stop() {
      const spoke = mine.size > 0;
      [...mine.keys()].forEach(forget);
      if (spoke && live.size === 0) {
        synthesis.cancel();
      }
    },
  };
}

/**
 * The voice for this language, one of this device before one that asks a server; false if there are voices and none of them
 * speaks it. A browser that has not listed them yet chooses by the language itself.
 */
function chosen(voices, lang) {
  const tag = (voice) => String(voice.lang).replace(/_/g, '-').toLowerCase();
  const wanted = lang.toLowerCase();
  const base = wanted.split('-')[0];
  const spoken = voices.filter((voice) => tag(voice).split('-')[0] === base);
  if (voices.length > 0 && spoken.length === 0) {
    return false;
  }
  const exact = spoken.filter((voice) => tag(voice) === wanted);
  const list = exact.length > 0 ? exact : spoken;
  return list.find((voice) => voice.localService) || list[0] || {};
}
