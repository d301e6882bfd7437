// What the server has: static files, compressed once, and pages with today's answer in them.

import { readFile, readdir } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

import { ORDER, answer } from './order.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
/** Where a shop would have the files of the npm package. */
const PACKAGE = '/wechat-cashier/';
/** Those of another build lie beside them. */
const packagePath = (build) => (build ? `/wechat-cashier-${build.name}/` : PACKAGE);

const TYPES = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm', '.svg': 'image/svg+xml', '.json': 'application/json',
};
/** Names that hold a hash, or lie in a folder that would be named by a version. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/** What is answered at an address: a type, a word to caches, a body after brotli. Compressing it waits until it is asked for. */
class File {
  #body;

  constructor(name, content, cache) {
    Object.assign(this, { type: TYPES[extname(name)] ?? 'application/octet-stream', content, cache });
  }

  body() {
    this.#body ??= brotli(this.content, constants.BROTLI_MAX_QUALITY);
    return this.#body;
  }
}

/** Written at each request, and compressed as fast as a server would. */
class Written {
  constructor(type, write) {
    Object.assign(this, { type, write, cache: 'no-store' });
  }

  async body(headers) {
    return brotli(Buffer.from(await this.write(headers)), DYNAMIC_QUALITY);
  }
}

const DYNAMIC_QUALITY = 5;
const brotli = (content, quality) => brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } });

/** All addresses of the pages. `folders`: what they are made of; `apps`: where those listen that serve themselves. */
export async function site(pages, folders, apps) {
  const routes = new Map([['/api/orders/', new Written(TYPES['.json'], () => JSON.stringify(answer(ORDER)))]]);
  await put(routes, PACKAGE, folders.npm);
  for (const page of pages) {
    const path = `/${page.name}/`;
    const files = packagePath(page.build);
    if (page.build) {
      await put(routes, files, page.build.npm);
    }
    if (page.app) {
      await passOn(routes, path, apps[page.app]);
    } else if (page.from) {
      const [name, ...below] = page.from.split('/');
      const folder = join({ ...folders, ...page.build }[name], ...below);
      await put(routes, path, folder);
      routes.set(path, written(withHead(await readFile(join(folder, 'index.html'), 'utf8'), page)));
    } else {
      const text = await template(page, folders);
      routes.set(path, written(text.replaceAll(PACKAGE, files)));
    }
  }
  return routes;
}

async function put(routes, path, folder) {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) {
      const file = join(entry.parentPath ?? entry.path, entry.name);
      routes.set(path + file.slice(folder.length).replace(/^[\\/]+/, '').replaceAll('\\', '/'), new File(file, await readFile(file), FOR_EVER));
    }
  }
}

/** A page that an app writes, and the files of its own that are in its head: as a shop has its server behind another. */
async function passOn(routes, path, app) {
  const get = async (below, headers = {}) => (await fetch(new URL(below, app), { headers })).arrayBuffer();
  const write = (headers) => get(`/?order=${ORDER}`, headers && { 'user-agent': headers['user-agent'] });
  routes.set(path, new Written(TYPES['.html'], write));
  const page = Buffer.from(await write()).toString();
  for (const [name] of page.matchAll(/\/(?:pkg\/)?[\w-]+\.(?:js|css|wasm)\b/g)) {
    routes.set(name, new File(name, Buffer.from(await get(name)), FOR_EVER));
  }
}

/** The text of a page with an element; `{{hints.html}}` is what that file says. */
async function template({ file = join(HERE, 'pages/element.html'), head, inside = '' }, { hints = join(HERE, 'pages/hints.html') }) {
  const text = withHead(await readFile(file, 'utf8'), { head }).replace('<wechat-cashier order="{{order}}">', (tag) => tag + inside);
  const lines = await readFile(hints, 'utf8');
  return text.replaceAll('{{hints.html}}', () => lines);
}

const withHead = (text, { head = '' }) => text.replace('</title>', () => `</title>${head}`);

/** With today's order in it, where that is wanted. */
function written(text) {
  const page = text.replaceAll('{{order}}', ORDER);
  if (!page.includes('{{answer}}')) {
    return new File('index.html', Buffer.from(page), 'no-cache');
  }
  const say = () => page.replace('{{answer}}', () => JSON.stringify(answer(ORDER)).replaceAll('<', '\\u003c'));
  return new Written(TYPES['.html'], say);
}

/** What is at this path, if anything. */
export const find = (routes, path) => routes.get(path.startsWith('/api/orders/') ? '/api/orders/' : path);
