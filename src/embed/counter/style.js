// What only a counter's screen needs of the style.

const STYLE = new URL('./counter.css', import.meta.url).href;

/** Puts the sheet into `root`. Returns what takes it out. */
export function dress(root, document) {
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = STYLE;
  root.appendChild(link);
  return () => link.remove();
}
