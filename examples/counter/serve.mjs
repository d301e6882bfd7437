// Serves this folder and the package from one origin with the sandbox, as a shop would: what is not a file here is the sandbox's.
// Environment: PORT (8090), SANDBOX (http://127.0.0.1:8088), PACKAGE (the folder that `cargo xtask dist` writes).

import { readFile } from 'node:fs/promises';
import { createServer, request as ask } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const folders = { '/npm/': process.env.PACKAGE ?? join(here, '../../target/npm'), '/': here };
const sandbox = new URL(process.env.SANDBOX ?? 'http://127.0.0.1:8088');
const TYPES = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm',
};

async function file(path) {
  const prefix = path.startsWith('/npm/') ? '/npm/' : '/';
  const name = normalize(decodeURIComponent(path.slice(prefix.length)) || 'index.html');
  const type = TYPES[extname(name)];
  if (type === undefined || name.startsWith('..')) {
    return undefined;
  }
  const body = await readFile(join(folders[prefix], name)).catch(() => undefined);
  return body && { type, body };
}

/** The browser's own host goes along: the sandbox holds what it says against where the page is. */
function pass(request, response) {
  const onward = ask(new URL(request.url, sandbox), { method: request.method, headers: request.headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', (error) => {
    if (!response.headersSent) {
      response.writeHead(502, { 'content-type': 'text/plain' });
    }
    response.end(`The sandbox does not answer at ${sandbox.origin}: ${error.message}\n`);
  });
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}

const server = createServer(async (request, response) => {
  const found = request.method === 'GET' && await file(new URL(request.url, 'http://localhost').pathname).catch(() => undefined);
  if (found) {
    response.writeHead(200, { 'content-type': found.type, 'cache-control': 'no-cache' }).end(found.body);
  } else {
    pass(request, response);
  }
});
server.listen(Number(process.env.PORT ?? 8090), '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  console.log(`listening on ${url}`);
  console.log(`  screen ${url}/          the counter`);
  console.log(`  till   ${url}/till.html orders for it`);
  console.log(`  phone  ${url}/phone     scan the QR, pay`);
});
