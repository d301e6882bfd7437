// Starts the server of the pages.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** `{ ports, spkiHash, stop }`: where it listens for each profile, and by what key it is known. */
export async function serve(pages, folders, profiles) {
  const links = Object.fromEntries(profiles.map(({ name, link }) => [name, link ?? null]));
  const program = fileURLToPath(new URL('server.mjs', import.meta.url));
  const child = fork(program, [JSON.stringify({ pages, folders, links })]);
  const ended = once(child, 'exit').then(([status]) => {
    throw new Error(`the server ended, ${status}`);
  });
  const [told] = await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => {}); // it ends with us
  return { ...told, stop: () => child.disconnect() };
}
