// The command's options.

import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { PAGES } from './pages.mjs';
import { PROFILES } from './profiles.mjs';

export const USAGE = `node bench/run.mjs [options]

  --runs N            visits of each page in each profile (7)
  --profile NAME,…    ${PROFILES.map(({ name }) => name).join(', ')} (all)
  --only NAME,…       ${PAGES.map(({ name }) => name).join(', ')}; "inline" for element-inline (all)
  --dist FOLDER       the hosted page (dist)
  --npm FOLDER        the npm package's files (target/npm)
  --page NAME=FILE    one more page: an HTML file, in which {{order}}, {{answer}} and {{hints.html}} stand for what they say; it finds
                      the package's files below /wechat-cashier/. May be given several times
  --against NAME=DIST,NPM
                      the pages of ours of another build too, beside those of this one; several times as well
  --hints FILE        in place of bench/pages/hints.html
  --skip-standing     not what the pages take while they stand: that is looked at for twelve seconds, three times
  --json FILE         write each visit there
  --write             write table and chart into docs/performance.md
  --prove             no table: hold the moment at which a code counts as drawn against the frames of a screencast
`;

const root = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const list = (text) => text?.split(',').filter(Boolean);

export function options(args) {
  const { values } = parseArgs({ args, options: {
    runs: { type: 'string', default: '7' },
    profile: { type: 'string' },
    only: { type: 'string' },
    dist: { type: 'string', default: root('dist') },
    npm: { type: 'string', default: root('target/npm') },
    page: { type: 'string', multiple: true, default: [] },
    against: { type: 'string', multiple: true, default: [] },
    hints: { type: 'string' },
    'skip-standing': { type: 'boolean' },
    json: { type: 'string' },
    write: { type: 'boolean' },
    prove: { type: 'boolean' },
    help: { type: 'boolean' },
  } });
  const more = values.page.map((given) => {
    const [name, file = ''] = given.split(/=(.*)/s);
    return { name, title: `${name} (${basename(file)})`, file: resolve(file) };
  });
  const pages = chosen(PAGES, list(values.only)?.map((name) => (name === 'inline' ? 'element-inline' : name)), 'page');
  const others = values.against.flatMap((given) => {
    const [, build, dist, npm] = /^([\w-]+)=([^,]+),([^,]+)$/.exec(given) ?? fail(`--against ${given} is not NAME=DIST,NPM`);
    const ours = pages.filter(({ baseline, app }) => !baseline && !app);
    return ours.map((page) => ({
      ...page, name: `${page.name}-${build}`, title: `${page.title} (${build})`,
      build: { name: build, dist: resolve(dist), npm: resolve(npm) },
    }));
  });
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) {
    fail(`--runs ${values.runs} is no number of runs`);
  }
  return {
    help: values.help, write: values.write, prove: values.prove, json: values.json, skipStanding: values['skip-standing'], runs,
    profiles: chosen(PROFILES, list(values.profile), 'profile'),
    pages: [...pages, ...others, ...more],
    folders: {
      dist: resolve(values.dist), npm: resolve(values.npm), peers: root('target/bench/peers'), leptos: root('target/leptos-ssr'),
      hints: values.hints && resolve(values.hints),
    },
  };
}

function fail(reason) {
  throw new Error(reason);
}

function chosen(all, names, what) {
  const unknown = names?.find((wanted) => !all.some(({ name }) => name === wanted));
  if (unknown) {
    fail(`there is no ${what} ${unknown}`);
  }
  return all.filter(({ name }) => !names || names.includes(name));
}
