// node bench/run.mjs --help: measures our pages and others', interleaved, and prints what came out.

import { loadavg } from 'node:os';

import { USAGE, options } from './options.mjs';
import { buildPeers } from './peers.mjs';
import { serve } from './serve.mjs';
import { summary } from './statistics.mjs';
import { table } from './table.mjs';
import { visit } from './visit.mjs';

const wanted = options(process.argv.slice(2));
if (wanted.help) {
  console.log(USAGE);
  process.exit();
}
const { runs, profiles, pages, folders } = wanted;
await buildPeers(folders.peers);
const server = await serve(pages, folders, profiles);
try {
  for (const profile of profiles) {
    console.log(`\n${profile.title}; ${runs} runs, median (least–most)\n`);
    console.log(table(await measure(profile)));
  }
} finally {
  server.stop();
}

/** Visits the pages in turn, so that what else the machine does meets all of them. */
async function measure(profile) {
  const visits = new Map(pages.map((page) => [page, []]));
  for (let run = -1; run < runs; run += 1) {
    for (const page of pages) {
      const seen = await visit(server, page, profile);
      // The first time of each is for the files to be compressed and in memory.
      if (run >= 0) {
        visits.get(page).push(seen);
      }
    }
    process.stderr.write(`${profile.name}: ${run + 1} of ${runs} (load ${loadavg()[0].toFixed(1)})\n`);
  }
  const rows = pages.map((page) => ({ ...page, ...summary(visits.get(page)) }));
  const others = rows.filter(({ baseline }) => baseline);
  const best = Math.min(...(others.length > 0 ? others : rows).map(({ qr }) => qr.median));
  return rows.map((row) => ({ ...row, ratio: row.qr.median / best }));
}
