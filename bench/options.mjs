// The command's options.

import { basename, resolve } from 'node:path';
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
  --hints FILE        in place of bench/pages/hints.html
`;

const root = (name) => resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..', name);
const list = (text) => text?.split(',').filter(Boolean);

export function options(args) {
  const { values } = parseArgs({ args, options: {
    runs: { type: 'string', default: '7' },
    profile: { type: 'string' },
    only: { type: 'string' },
    dist: { type: 'string', default: root('dist') },
    npm: { type: 'string', default: root('target/npm') },
    page: { type: 'string', multiple: true, default: [] },
    hints: { type: 'string' },
    help: { type: 'boolean' },
  } });
  const more = values.page.map((given) => {
    const [name, file = ''] = given.split(/=(.*)/s);
    return { name, title: `${name} (${basename(file)})`, file: resolve(file) };
  });
  return {
    help: values.help,
    runs: Number(values.runs),
    profiles: chosen(PROFILES, list(values.profile), 'profile'),
    pages: [...chosen(PAGES, list(values.only)?.map((name) => (name === 'inline' ? 'element-inline' : name)), 'page'), ...more],
    folders: {
      dist: resolve(values.dist), npm: resolve(values.npm), peers: root('target/bench/peers'),
      hints: values.hints && resolve(values.hints),
    },
  };
}

function chosen(all, names, what) {
  const unknown = names?.find((wanted) => !all.some(({ name }) => name === wanted));
  if (unknown) {
    throw new Error(`there is no ${what} ${unknown}`);
  }
  return all.filter(({ name }) => !names || names.includes(name));
}
