// What runs in the page before the page's own scripts: it watches, and changes nothing that the cashier could notice.

/** Installed by `addInitScript`; must not refer to anything outside itself. */
export function observe() {
  const seen = { inFlight: 0, paidEvents: [], persisted: [], visibility: [document.visibilityState], shift: 0, shifts: [] };
  window.observed = seen;
  addEventListener('cashier-paid', (event) => seen.paidEvents.push(event.target.id));
  addEventListener('pageshow', (event) => seen.persisted.push(event.persisted));
  document.addEventListener('visibilitychange', () => seen.visibility.push(document.visibilityState));
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      seen.shift += entry.value;
      seen.shifts.push(...entry.sources.map(({ node, previousRect, currentRect }) => {
        return `${node?.className ?? node?.nodeName}: ${previousRect.top} → ${currentRect.top}`;
      }));
    }
  }).observe({ type: 'layout-shift', buffered: true });

  // A request counts from its start until its body is read, so that a test can wait for all answers to be taken in.
  const { fetch } = window;
  const done = () => (seen.inFlight -= 1);
  window.fetch = async (...args) => {
    seen.inFlight += 1;
    let response;
    try {
      response = await fetch(...args);
    } catch (error) {
      done();
      throw error;
    }
    const text = response.text.bind(response);
    const arrayBuffer = response.arrayBuffer.bind(response);
    const counted = (read) => async () => {
      try {
        return await read();
      } finally {
        done();
      }
    };
    if (!/\/orders\//.test(response.url)) {
      done();
      return response;
    }
    response.text = counted(text);
    response.arrayBuffer = counted(arrayBuffer);
    return response;
  };

  const channel = new MessageChannel();
  const waiting = [];
  channel.port1.onmessage = () => waiting.shift()?.();
  /** A real turn of the event loop, also where the clock is held. */
  const turn = () => new Promise((resume) => (waiting.push(resume), channel.port2.postMessage(0)));
  seen.idle = async () => {
    do {
      await turn();
      await turn();
    } while (seen.inFlight > 0);
  };
  seen.turn = turn;
}
