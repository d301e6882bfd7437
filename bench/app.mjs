// An app of ours that serves its page itself (`examples/leptos-ssr`), and the backend that it asks: plain HTTP, as behind a gateway.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { ORDER, answer } from './order.mjs';

/** Starts the app of this folder. Returns its address; it ends with this process. */
export async function startApp(folder) {
  const backend = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(answer(ORDER)));
  });
  backend.listen(0, '127.0.0.1');
  await once(backend, 'listening');
  const child = spawn(join(folder, 'server'), [`http://127.0.0.1:${backend.address().port}`, folder, '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  process.on('exit', () => child.kill());
  for await (const line of createInterface({ input: child.stdout })) {
    const found = /^listening on (\S+)$/.exec(line);
    if (found) {
      child.stdout.resume();
      return found[1];
    }
  }
  throw new Error(`${folder}/server ended before it listened`);
}
