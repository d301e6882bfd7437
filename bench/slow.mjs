// The slow link between browser and server: bytes arrive when `link.mjs` says.
//
// The server's end of a connection is no socket but a stream in this process. The system would take as many bytes from a socket as
// the server has, and so settle long before they leave in which order they do.

import { once } from 'node:events';
import { createServer } from 'node:net';
import { Duplex } from 'node:stream';

import { Flow, Lane } from './link.mjs';

/** Listens on loopback, and hands each connection to `server`. Returns the port. */
export async function listenSlow({ server, clock, roundTripMs, down, up }) {
  const [downLane, upLane] = [new Lane(down), new Lane(up)];
  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (browser) => {
    // The browser has its connection at once; over the link it would have it one round trip later, and speaks only then.
    const opens = clock.now() + roundTripMs;
    const toBrowser = new Flow({ clock, lane: downLane, roundTripMs, opens, deliver: (bytes) => browser.write(bytes) });
    const end = new Duplex({
      read() {},
      write: (bytes, _, taken) => toBrowser.push(bytes, taken),
      final(done) {
        toBrowser.end(() => browser.end());
        done();
      },
    });
    const toServer = new Flow({ clock, lane: upLane, roundTripMs, opens, deliver: (bytes) => end.push(bytes) });
    browser.on('data', (bytes) => toServer.push(bytes));
    browser.on('end', () => toServer.end(() => end.push(null)));
    // A browser that was ended breaks off its connections: then neither side has anything more to say.
    browser.on('error', () => end.destroy());
    end.on('error', () => browser.destroy());
    server.emit('connection', end);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return listener.address().port;
}
