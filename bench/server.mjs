// The server of all pages, in a process of its own, with a slow link before it for each profile that has one.
// Started by `serve.mjs`; tells its parent where it listens, and ends with it.

import { once } from 'node:events';
import { createSecureServer } from 'node:http2';

import { RealClock } from './agenda.mjs';
import { certificate } from './certificate.mjs';
import { listenSlow } from './proxy.mjs';
import { find, site } from './site.mjs';

const { pages, folders, links } = JSON.parse(process.argv[2]);
const routes = await site(pages, folders);
const { key, certificate: cert, spkiHash } = certificate();

const server = createSecureServer({ key, cert });
server.on('stream', (stream, headers) => {
  stream.on('error', () => {}); // the browser was ended
  const found = headers[':method'] === 'GET' && find(routes, new URL(headers[':path'], 'https://localhost').pathname);
  if (!found) {
    stream.respond({ ':status': 404, 'content-type': 'text/plain', 'cache-control': 'no-store' });
    stream.end('not found');
    return;
  }
  const body = found.body();
  stream.respond({
    ':status': 200, 'content-type': found.type, 'content-encoding': 'br', 'content-length': body.length, 'cache-control': found.cache,
  });
  stream.end(body);
});
server.on('sessionError', () => {});
server.listen(0, '127.0.0.1');
await once(server, 'listening');

const { port } = server.address();
const clock = new RealClock();
const ports = {};
for (const [name, link] of Object.entries(links)) {
  ports[name] = link ? await listenSlow({ clock, port, ...link }) : port;
}
process.on('disconnect', () => process.exit());
process.send({ ports, spkiHash });
