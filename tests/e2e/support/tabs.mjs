// A browser with real tabs. In a browser that Playwright starts every page counts as visible and focused; in one that it
// only connects to without its defaults, a tab behind another is hidden, and can be frozen.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

import { FLAGS, chromiumPath } from './cashier.mjs';

/** Runs `body` with a browser context of real tabs. */
export async function withTabs(body) {
  const profile = await mkdtemp(join(tmpdir(), 'wc-tabs-'));
  const flags = [...FLAGS, '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'];
  const child = spawn(chromiumPath(), flags, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  const ended = once(child, 'exit');
  try {
    const connected = await chromium.connectOverCDP(await endpoint(child), { noDefaults: true });
    await body(connected.contexts()[0]);
    await connected.close();
  } finally {
    process.kill(-child.pid, 'SIGKILL'); // the whole group: a browser is many processes
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function endpoint(child) {
  for await (const line of createInterface({ input: child.stderr })) {
    const found = /^DevTools listening on (\S+)$/.exec(line);
    if (found) {
      child.stderr.resume();
      return found[1];
    }
  }
  throw new Error('Chromium ended before it listened');
}
