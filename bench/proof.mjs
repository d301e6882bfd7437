// Is the code on the screen when `watch.mjs` says so? The browser's own frames, as a screencast brings them with the time at which
// each was shown, read by a decoder. Not in the runs that are measured: to copy and compress every frame is work.

import { setTimeout as wait } from 'node:timers/promises';

import { decode } from '../tests/e2e/support/qr.mjs';
import { CODE } from './order.mjs';
import { inBrowser } from './visit.mjs';

const AFTERWARDS_MS = 500;

/** When the page said that its code is drawn, and when the first frame was shown that can be read; `null` if none can. */
export const prove = (server, page, profile) => inBrowser(server, page, profile, async ({ tab, cdp, url, done }) => {
  const frames = [];
  cdp.on('Page.screencastFrame', ({ data, metadata, sessionId }) => {
    frames.push([metadata.timestamp * 1000, data]);
    cdp.send('Page.screencastFrameAck', { sessionId }).catch(() => {}); // the browser is at its end
  });
  await cdp.send('Page.startScreencast', { format: 'png' });
  await tab.goto(url, { waitUntil: 'commit' });
  await done();
  await wait(AFTERWARDS_MS);
  await cdp.send('Page.stopScreencast');
  const { origin, qr } = await tab.evaluate(() => ({ origin: performance.timeOrigin, qr: window.benchSeen.qr }));
  frames.sort(([one], [other]) => one - other); // they are compressed side by side, and come as they are ready
  const first = frames.findIndex(([, data]) => decode(Buffer.from(data, 'base64')) === CODE);
  return { qr, frame: first < 0 ? null : frames[first][0] - origin };
});
