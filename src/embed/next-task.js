/**
 * Resolves in a task of its own. What comes after it does not add to what is long already, in which the page would answer to
 * nobody. Not by a timer: those are held back in pages that nobody sees.
 */
export const nextTask = () => new Promise((resume) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => resume(port1.close());
  port2.postMessage(0);
});
