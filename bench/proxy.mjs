// The slow link between browser and server: TCP on both sides, between them bytes that arrive when `link.mjs` says.

import { once } from 'node:events';
import { connect, createServer } from 'node:net';

import { Flow, Lane } from './link.mjs';

/** Listens on loopback for connections to that port of loopback. Returns its own port. */
export async function listenSlow({ clock, port, roundTripMs, down, up }) {
  const [downLane, upLane] = [new Lane(down), new Lane(up)];
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (browser) => {
    const origin = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    // The browser has its connection at once; over the link it would have it one round trip later, and speaks only then.
    const opens = clock.now() + roundTripMs;
    carry(browser, origin, new Flow({ clock, lane: upLane, roundTripMs, opens, deliver: (bytes) => origin.write(bytes) }));
    carry(origin, browser, new Flow({ clock, lane: downLane, roundTripMs, opens, deliver: (bytes) => browser.write(bytes) }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
}

function carry(from, to, flow) {
  from.on('data', (bytes) => flow.push(bytes));
  from.on('end', () => flow.end(() => to.end()));
  // A browser that was ended breaks off its connections: then neither side has anything more to say.
  from.on('error', () => to.destroy());
}
