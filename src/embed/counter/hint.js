// "Tap for sound": browsers play nothing before somebody has touched the page.

/** In a corner above the counter's screen. By the object model: a strict policy allows no style that is written as text. */
const STYLE = {
  position: 'fixed', zIndex: '10', left: '16px', top: '16px', minWidth: '44px', minHeight: '44px', padding: '8px 16px',
  border: '1px solid currentColor', borderRadius: '22px', font: '16px/1.2 sans-serif', cursor: 'pointer',
  color: 'var(--wc-soft, #59626f)', background: 'var(--wc-card, #fff)',
};

/** Puts the button there; returns what takes it away. A tap on it is a gesture like any other: who offers it listens. */
export function hint(browser, place, [said, lang]) {
  const button = browser.document.createElement('button');
  button.type = 'button';
  button.className = 'wc-sound';
  button.lang = lang;
  button.textContent = said;
  Object.assign(button.style, STYLE);
  place.appendChild(button);
  return () => button.remove();
}
