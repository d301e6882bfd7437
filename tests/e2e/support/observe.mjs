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

  const channel = new MessageChannel();
  const waiting = [];
  channel.port1.onmessage = () => waiting.shift()?.();
  /** A real turn of the event loop, also where the clock is held. */
  const turn = () => new Promise((resume) => (waiting.push(resume), channel.port2.postMessage('turn')));

  // A request counts from its start until its body is read, so that a test can wait for all answers to be taken in.
  const { fetch } = window;
  /** An answer that is not read by then may never be: the page asked early, and the program wants to know more. */
  const UNREAD_TURNS = 20;
  window.fetch = async (...args) => {
    let counts = false;
    const count = (now) => {
      seen.inFlight += Number(now) - Number(counts);
      counts = now;
    };
    count(true);
    let response;
    try {
      response = await fetch(...args);
    } catch (error) {
      count(false);
      throw error;
    }
    if (!/\/orders\//.test(response.url)) {
      count(false);
      return response;
    }
    let isRead = false;
    const counted = (read) => async () => {
      isRead = true;
      count(true);
      try {
        return await read();
      } finally {
        count(false);
      }
    };
    response.text = counted(response.text.bind(response));
    response.arrayBuffer = counted(response.arrayBuffer.bind(response));
    (async () => {
      for (let turns = 0; turns < UNREAD_TURNS && !isRead; turns += 1) {
        await turn();
      }
      if (!isRead) {
        count(false);
      }
    })();
    return response;
  };

  seen.idle = async () => {
    do {
      await turn();
      await turn();
    } while (seen.inFlight > 0);
  };
  seen.turn = turn;
}
