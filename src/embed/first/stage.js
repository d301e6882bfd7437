// The stage before the program: draws the picture of a plain order as soon as its answer and the words are there.

import { box, picture } from './picture.js';
import { keptKey, keptUnder, plain } from './plain.js';
import { KEPT_QUESTION, KEY_START } from './rules.js';

/**
 * Draws in `place` what `answer` says of the order, unless that is not plain, or `isWanted` says no by then. `answer` resolves
 * with its text and what `performance.now()` was when it was asked for. `before` is waited for: the page's own words, if it has
 * any, and that what is drawn is seen. Where there is no code yet, one is asked for by `pay`, with its idempotency key and its
 * body, which returns the response to come. Resolves with both, and with what is to be done with
 * it (`attend`); with nothing where nothing was drawn. Never rejects.
 */
export async function draw(place, settings, answer, before, isWanted, pay) {
  try {
    const ready = Promise.all(before);
    ready.catch(() => {}); // heard below
    const { text: answered, asked } = await answer;
    const read = (text) => (text && isWanted() ? plain(text, settings, performance.now() - asked, location.href) : undefined);
    const first = read(answered);
    const text = first && first.asks ? await withPayment(answered, settings, pay) : answered;
    const [words] = await ready;
    const order = read(text);
    const drawn = order && !order.asks && picture(order, words, settings.lang);
    if (drawn) {
      place.textContent = '';
      place.append(drawn);
      return attend(drawn, order.left, text, asked);
    }
  } catch (error) {
    // No answer, or no words: the program says what the payer sees then.
  }
  return undefined;
}

/**
 * Minds the picture of the answer `text` until the program does: a code that has expired is not shown, and a tap is not lost.
 * `isOver`: it has expired. `taken()`: the program has taken over. `leave()`: nobody minds it any more. `alone()`: there will be
 * no program; what only that keeps true, or would answer, is taken away, and the place returned where this is said.
 */
function attend(drawn, left, text, asked) {
  const code = drawn.querySelector('.wc-qr');
  const expires = setTimeout(() => {
    mind.isOver = true;
    code.textContent = '';
    code.className = 'wc-slot';
  }, left);
  let tapped;
  const note = ({ target }) => {
    tapped = target.closest('[data-tap]') || tapped;
  };
  drawn.addEventListener('click', note);
  const leave = () => {
    clearTimeout(expires);
    drawn.removeEventListener('click', note);
  };
  const mind = {
    text,
    asked,
    leave,
    alone() {
      drawn.querySelectorAll('.wc-time,.wc-actions,.wc-ways').forEach((part) => part.remove());
      return code.parentNode.appendChild(box(''));
    },
    taken() {
      leave();
      if (tapped && tapped.isConnected) {
        tapped.click();
      }
    },
  };
  return mind;
}

/**
 * The answer with the payment that is asked for now, as the next one will have it. The question is kept where the program looks
 * for one of an earlier visit: whatever becomes of it here, the program asks with the same key, and there is one payment.
 */
async function withPayment(text, settings, pay) {
  const key = keptKey(settings) || `${KEY_START}${Math.floor(Math.random() * 2 ** 53)}-1`;
  if (document.visibilityState === 'hidden') {
    return undefined; // nobody looks
  }
  sessionStorage.setItem(keptUnder(settings), KEPT_QUESTION + key);
  const payment = await textOf(pay(key, JSON.stringify({ method: 'native', page_url: location.href.split('#')[0] })));
  return payment && JSON.stringify({ ...JSON.parse(text), payment: JSON.parse(payment) });
}

/** The text of a good answer, which somebody may read once more; nothing of another. */
export async function textOf(answer) {
  const response = await answer;
  const isGood = response.ok && /^application\/json/i.test(response.headers.get('content-type'));
  return isGood ? response.clone().text() : undefined;
}
