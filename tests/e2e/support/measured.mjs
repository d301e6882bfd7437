// A page whose cashier is the test: it dispatches the events, `src/embed/telemetry.js` measures them, and this server takes
// what comes of it.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';

const EMBED = new URL('../../../src/embed/', import.meta.url);

/** The strictest policy that the docs promise to work under. */
const policy = (origins) =>
  `default-src 'none'; script-src 'self'; connect-src 'self' ${origins}; require-trusted-types-for 'script'; trusted-types 'none'`;

const PAGE = '<!doctype html><meta charset="utf-8"><title>measured</title><link rel="icon" href="data:,"><div id="cashier"></div><script type="module" src="/page.js"></script>';

const SCRIPT = `
import { measure } from '/telemetry.js';
const url = new URLSearchParams(location.search).get('to') || '/taken';
const cashier = document.getElementById('cashier');
window.begin = () => measure(cashier, { url: new URL(url, location.href).href, order: 'T1', lang: 'en', layout: 'page', since: performance.now() });
window.says = (name, detail) => cashier.dispatchEvent(new CustomEvent('cashier-' + name, { bubbles: true, composed: true, detail: { order: 'T1', ...detail } }));
window.scan = () => says('status', { status: 'pending', screen: 'scan', method: 'native', previous: null });
window.stop = begin();
`;

/** `taken` are the requests to `/taken`, of whatever method, as they came. */
export async function serveMeasured({ origins = '' } = {}) {
  const taken = [];
  const waiting = [];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const send = (type, body, headers) => response.writeHead(200, { 'content-type': type, ...headers }).end(body);
    if (pathname === '/') {
      send('text/html', PAGE, { 'content-security-policy': `${policy(origins)}; img-src data:` });
    } else if (pathname === '/elsewhere') {
      send('text/html', '<!doctype html><link rel="icon" href="data:,"><title>elsewhere</title>');
    } else if (pathname === '/framed') {
      send('text/html', '<!doctype html><link rel="icon" href="data:,"><iframe sandbox="allow-scripts" src="/loose"></iframe>');
    } else if (pathname === '/loose') {
      send('text/html', PAGE); // an opaque origin has no 'self'
    } else if (pathname === '/page.js') {
      send('text/javascript', SCRIPT, { 'access-control-allow-origin': '*' });
    } else if (/^\/telemetry(\/\w+)?\.js$/.test(pathname)) {
      send('text/javascript', await readFile(new URL(`.${pathname}`, EMBED)), { 'access-control-allow-origin': '*' });
    } else if (pathname === '/taken') {
      const chunks = [];
      for await (const chunk of request) {
        chunks.push(chunk);
      }
      response.writeHead(204).end();
      taken.push({ method: request.method, type: request.headers['content-type'], headers: request.headers, body: Buffer.concat(chunks).toString() });
      waiting.splice(0).forEach((look) => look());
    } else {
      response.writeHead(404).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    taken,
    batches: () => taken.map(({ body }) => JSON.parse(body)),
    /** Waits until so many requests came, or until what came is enough. */
    comes: (enough) => new Promise((resolve) => {
      const look = () => ((typeof enough === 'function' ? enough() : taken.length >= enough) ? resolve() : waiting.push(look));
      look();
    }),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
