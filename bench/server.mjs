// The server of all pages, in a process of its own, with a slow link before it for each profile that has one.
// Started by `serve.mjs`; tells its parent where it listens, and ends with it.

import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import { Readable } from 'node:stream';

import { RealClock } from './agenda.mjs';
import { startApp } from './app.mjs';
import { certificate } from './certificate.mjs';
import { find, site } from './site.mjs';
import { listenSlow } from './slow.mjs';

const PIECE = 8 * 1024;

const { pages, folders, links } = JSON.parse(process.argv[2]);
const apps = {};
for (const { app } of pages.filter((page) => page.app)) {
  apps[app] = await startApp(folders[app]);
}
const routes = await site(pages, folders, apps);
const { key, certificate: cert, spkiHash } = certificate();

const server = createSecureServer({ key, cert });
server.on('stream', async (stream, headers) => {
  stream.on('error', () => {}); // the browser was ended
  const found = headers[':method'] === 'GET' && find(routes, new URL(headers[':path'], 'https://localhost').pathname);
  if (!found) {
    stream.respond({ ':status': 404, 'content-type': 'text/plain', 'cache-control': 'no-store' });
    stream.end('not found');
    return;
  }
  const body = await found.body(headers);
  if (stream.destroyed) {
    return;
  }
  stream.respond({
    ':status': 200, 'content-type': found.type, 'content-encoding': 'br', 'content-length': body.length, 'cache-control': found.cache,
  });
  Readable.from(pieces(body)).pipe(stream);
});
server.on('sessionError', () => {}); // as above
server.on('tlsClientError', () => {});
server.listen(0, '127.0.0.1');
await once(server, 'listening');

const { port } = server.address();
const clock = new RealClock();
const ports = {};
for (const [name, link] of Object.entries(links)) {
  ports[name] = link ? await listenSlow({ server, clock, ...link }) : port;
}
/** Answers that are under way take turns, a piece of each, as those of nginx do (`http2_chunk_size`). */
function* pieces(body) {
  for (let start = 0; start < body.length; start += PIECE) {
    yield body.subarray(start, start + PIECE);
  }
}

process.on('disconnect', () => process.exit());
process.send({ ports, spkiHash });
