// All visits of a run, the pages in turn, so that what else the machine does meets all of them.

import { loadavg } from 'node:os';

import { standing } from './standing.mjs';
import { UNTHROTTLED } from './profiles.mjs';
import { prove } from './proof.mjs';
import { withRatio } from './ratio.mjs';
import { summary } from './statistics.mjs';
import { visit } from './visit.mjs';

/** How often each page is looked at while it stands, all at the same time: no time of the clock is measured. */
const STANDING_RUNS = 3;

/** A row for each page: what it is and the summary of each measure, `ratio` being that of its time to the best of the others. */
export async function measure(server, pages, profile, runs, note) {
  const visits = pages.map(() => []);
  for (let run = 0; run <= runs; run += 1) {
    for (const [at, page] of pages.entries()) {
      const seen = await visit(server, page, profile);
      // The first time of each is for the files to be compressed and in memory.
      if (run > 0) {
        visits[at].push(seen);
        note({ profile: profile.name, page: page.name, run, ...seen });
      }
    }
    say(`${profile.name}: ${run} of ${runs} (load ${loadavg()[0].toFixed(1)})`);
  }
  return withRatio(pages.map((page, at) => ({ ...page, ...summary(visits[at]) })));
}

/** The summary of what each page takes while it stands. */
export async function stands(server, pages) {
  const taken = pages.map(() => []);
  for (let run = 1; run <= STANDING_RUNS; run += 1) {
    await Promise.all(pages.map(async (page, at) => taken[at].push(await standing(server, page, UNTHROTTLED))));
    say(`while it stands: ${run} of ${STANDING_RUNS}`);
  }
  return pages.map((page, at) => ({ ...page, ...summary(taken[at]) }));
}

/** Each page's moment beside that of the first frame that can be read. */
export async function proofs(server, pages, profile) {
  const lines = [];
  for (const page of pages) {
    await prove(server, page, profile); // as in `measure`
    const { qr, frame } = await prove(server, page, profile);
    const read = frame === null ? 'no frame could be read' : `first frame that could be read ${frame.toFixed(0)} ms (${(frame - qr).toFixed(0)})`;
    lines.push(`${page.name}: drawn ${qr.toFixed(0)} ms, ${read}`);
  }
  return lines;
}

const say = (text) => process.stderr.write(`${text}\n`);
