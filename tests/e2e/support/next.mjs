// Next.js serving an example that was built.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Starts it in this folder, where the calls of its pages go to this backend, on a port of its own; ended with the test. */
export async function startNext(t, folder, backend) {
  const program = join(folder, '../node_modules/next/dist/bin/next');
  const child = spawn(process.execPath, [program, 'start', '--hostname', '127.0.0.1', '--port', '0'], {
    cwd: folder,
    env: { ...process.env, BACKEND: backend, NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(async () => {
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  });
  const said = [];
  child.stderr.on('data', (text) => said.push(String(text)));
  let url;
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    url ??= /Local:\s+(http:\S+)/.exec(line)?.[1];
    if (url && line.includes('Ready')) {
      child.stdout.resume();
      return url;
    }
  }
  throw new Error(`Next.js does not serve: ${said.join('\n')}`);
}

/** Has the pages of this path, and their files, come from Next.js in place of the sandbox, as behind one address. */
export async function besideSandbox(page, url, path) {
  const forward = async (route) => {
    const { pathname, search } = new URL(route.request().url());
    await route.fulfill({ response: await route.fetch({ url: url + pathname + search }) });
  };
  await page.route(`**${path}?*`, forward);
  await page.route('**/_next/**', forward);
}
