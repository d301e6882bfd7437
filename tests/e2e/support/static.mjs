// Any static server: files as they lie there, in a folder, from an origin that is not the backend's.

import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { extname, join, normalize } from 'node:path';

import { DIST } from './sandbox.mjs';

/** What even a small server knows. It has never heard of `application/wasm`. */
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/**
 * Serves the built page under `/pay/here/`, or another `folder`, in which `pages` are by their names. `head` is put into the
 * page; `headers` go with it, and `kept` with all other files. `asked` is what it was asked for.
 */
export async function serveStatic({ head = '', headers = {}, kept = {}, folder = DIST, pages = {} } = {}) {
  const asked = [];
  const prefix = '/pay/here/';
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const name = pathname.startsWith(prefix) ? normalize(pathname.slice(prefix.length)) || 'index.html' : '';
    asked.push(pathname);
    if (pages[name]) {
      response.writeHead(200, { 'content-type': 'text/html', ...headers }).end(pages[name]);
      return;
    }
    const path = join(folder, name === '.' ? 'index.html' : name);
    const isFile = name !== '' && !name.startsWith('..') && (await stat(path).then((found) => found.isFile(), () => false));
    if (!isFile) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
    } else if (path.endsWith('index.html')) {
      const html = await readFile(path, 'utf8');
      response.writeHead(200, { 'content-type': 'text/html', ...headers }).end(html.replace('</title>', `</title>${head}`));
    } else {
      response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream', ...kept });
      createReadStream(path).pipe(response);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}${prefix}`,
    asked,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
