// What came out, written into docs/performance.md between two marks, and the chart beside it.

import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem, type } from 'node:os';
import { chromium } from 'playwright-core';

import { FLAGS, chromiumPath } from '../tests/e2e/support/cashier.mjs';
import { standingTable, table } from './table.mjs';

const DOCUMENT = new URL('../docs/performance.md', import.meta.url);
const CHART = new URL('../docs/performance.svg', import.meta.url);
const [BEGIN, END] = ['<!-- written by `cargo xtask bench --write` -->', '<!-- as far as here -->'];

/** On which machine, with which browser, how and when, as a paragraph that is complete when the runs have ended. */
export async function circumstances(args) {
  const began = loadavg()[0];
  const browser = await chromium.launch({ executablePath: process.env.HEADLESS_SHELL || chromiumPath(), args: FLAGS });
  const version = browser.version();
  await browser.close();
  // Folders are this machine's, and not the next one's.
  const command = ['cargo xtask bench', ...args.filter((arg, at) => arg !== '--write' && !isFolder(args, at))].join(' ');
  const machine = `${cpus().length} × ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, ${type()}`;
  return () => `${new Date().toISOString().slice(0, 10)}, \`${command}\`; ${machine}, Chromium ${version}, Node.js ${process.versions.node}. `
    + `Processes that wanted to run, of the machine's whole load: ${began.toFixed(1)} at the beginning, ${loadavg()[0].toFixed(1)} at the end.`;
}

const FOLDERS = ['--against', '--dist', '--npm', '--json', '--hints', '--page'];
const isFolder = (args, at) => FOLDERS.some((name) => args[at].startsWith(name) || (args[at - 1] === name));

/** Replaces what was written there before. */
export async function writeDocument({ results, standing, about, chart }) {
  const text = await readFile(DOCUMENT, 'utf8');
  await writeFile(CHART, chart);
  await writeFile(DOCUMENT, replaced(text, section({ results, standing, about })));
}

/** The document with this between the marks. */
export function replaced(text, section) {
  const [before, rest] = text.split(BEGIN);
  const [, after] = (rest ?? '').split(END);
  if (after === undefined) {
    throw new Error(`docs/performance.md has no ${BEGIN} … ${END}`);
  }
  return `${before}${BEGIN}\n\n${section}\n${END}${after}`;
}

function section({ results, standing, about }) {
  const tables = results.map(({ profile, rows }) => `### ${profile.title}\n\n${table(rows)}`);
  const stands = standing.length > 0 ? `\n### While it stands\n\n${standingTable(standing)}` : '';
  return `${about}\n\n![Time until the code is drawn](performance.svg)\n\n${tables.join('\n')}${stands}`;
}
