// node tests/e2e/support/run.mjs SECONDS FILE…: runs these files, some at a time, and writes how long each took to SECONDS.

import { createWriteStream, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { run } from 'node:test';
import { spec as Spec } from 'node:test/reporters';

import seconds from './seconds.mjs';

/** A file keeps one processor busy: node, the browser and the page mostly wait for each other. */
const AT_A_TIME = 2;
/** The longest takes a minute alone. One that hangs is ended, and the others tell what they have to tell. */
const FILE_MAX_MS = 10 * 60_000;
/** Those with most to do begin: one of them at the end would keep the other processor waiting. */
const FIRST = ['h5', 'ways', 'counter', 'axe', 'faults', 'host', 'till'];

const [table, ...files] = process.argv.slice(2);
const rank = (file) => (FIRST.indexOf(basename(file, '.test.mjs')) + FIRST.length + 1) % (FIRST.length + 1);
const tests = run({
  files: files.map((file) => resolve(file)).sort((one, other) => rank(one) - rank(other)),
  concurrency: AT_A_TIME,
  timeout: FILE_MAX_MS,
});
tests.on('test:fail', ({ todo }) => {
  if (todo === undefined || todo === false) {
    process.exitCode = 1;
  }
});
tests.compose(new Spec()).pipe(process.stdout);
tests.compose(seconds).pipe(createWriteStream(table));
