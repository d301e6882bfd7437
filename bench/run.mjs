// node bench/run.mjs --help: measures our pages and others', and prints what came out.

import { writeFile } from 'node:fs/promises';

import { chart } from './chart.mjs';
import { circumstances, writeDocument } from './document.mjs';
import { measure, proofs, stands } from './measure.mjs';
import { USAGE, options } from './options.mjs';
import { buildPeers } from './peers.mjs';
import { UNTHROTTLED } from './profiles.mjs';
import { serve } from './serve.mjs';
import { standingTable, table } from './table.mjs';

const args = process.argv.slice(2);
const { help, write, prove, json, skipStanding, runs, profiles, pages, folders } = options(args);
if (help) {
  console.log(USAGE);
  process.exit();
}

await buildPeers(folders.peers);
const server = await serve(pages, folders, [...new Set([...profiles, UNTHROTTLED])]);
try {
  await (prove ? proven() : measured());
} finally {
  server.stop();
}

async function proven() {
  for (const profile of profiles) {
    console.log(`${profile.title}\n  ${(await proofs(server, pages, profile)).join('\n  ')}`);
  }
}

async function measured() {
  const visits = [];
  const results = [];
  const about = await circumstances(args);
  for (const profile of profiles) {
    const rows = await measure(server, pages, profile, runs, (visit) => visits.push(visit));
    results.push({ profile, rows });
    console.log(`\n${profile.title}\n\n${table(rows)}`);
  }
  const standing = skipStanding ? [] : await stands(server, pages);
  console.log(skipStanding ? '' : `\nwhile it stands\n\n${standingTable(standing)}`);
  console.log(about());
  if (json) {
    await writeFile(json, JSON.stringify(visits, null, 1));
  }
  if (write) {
    await writeDocument({ results, standing, about: about(), chart: chart(results) });
  }
}
