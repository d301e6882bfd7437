// The backend of docs/backend.md, as a reader copies it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Runs it on a port of its own, beside this package, until the test ends. Gives where it is. */
export async function startBackend(t, { cashier } = {}) {
  const document = readFileSync(new URL('../../../docs/backend.md', import.meta.url), 'utf8');
  const [, source] = /^```js\n([^]*?)^```$/m.exec(document);
  const folder = mkdtempSync(join(tmpdir(), 'cashier-backend-'));
  writeFileSync(join(folder, 'backend.mjs'), source);
  if (cashier) {
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(cashier, join(folder, 'node_modules/wechat-cashier'));
  }
  const child = spawn(process.execPath, ['backend.mjs'], { cwd: folder, env: { ...process.env, PORT: '0' }, stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(async () => {
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
    rmSync(folder, { recursive: true });
  });
  for await (const line of createInterface({ input: child.stdout })) {
    return line.trim();
  }
  throw new Error('it does not begin');
}
