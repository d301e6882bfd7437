// The gallery: every screen as the program's own view draws it (tests/screens/gallery.rs), with the built style around it and
// no program in it. For tests that look at pictures only: no order, no backend, no clock. That the program draws the same in
// the end is held by gallery.test.mjs.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { looking } from './fit.mjs';
import { DIST } from './sandbox.mjs';
import { PACKAGE } from './shop.mjs';

const FILE = process.env.GALLERY || new URL('../../../target/tmp/gallery.json', import.meta.url).pathname;
const ALL = JSON.parse(await readFile(FILE, 'utf8').catch(() => {
  throw new Error(`there is no ${FILE}: cargo test --test screens`);
}));

/** Where the screens hang: as on the hosted page, in an element of a shop's page, in one on a counter. */
export const LAYOUTS = ['page', 'panel', 'counter'];

/** `[name, html]` of every screen that this layout has. */
export function pictures(layout, lang = 'zh-CN') {
  const all = Object.entries(ALL[lang]);
  return layout === 'counter'
    ? all.filter(([, { counter }]) => counter).map(([name, { counter }]) => [name, counter])
    : all.map(([name, { html }]) => [name, html]);
}

const URL_OF_HALL = 'http://gallery.test/';

/** The hosted page without its scripts. */
async function hosted() {
  const html = await readFile(join(DIST, 'index.html'), 'utf8');
  return html.replace(/<script[^]*?<\/script>/g, '').replace(/<link rel="(modulepreload|preload|icon)"[^>]*>/g, '');
}

/** A shop's page with the shadow root that the element makes (src/embed/element.js), and nobody who fills it. */
const shop = (layout) => `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>Shop</title>
  <meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"></head>
  <body><main><h1>Shop</h1><wechat-cashier${layout === 'counter' ? ' layout="counter"' : ''}></wechat-cashier></main></body></html>`;

/** An empty hall in a fresh browser. What else is asked for is the browser's own. */
export async function hall(world, layout, options = {}) {
  const page = await world.newPage({ clock: false, ...options });
  await page.route(`${URL_OF_HALL}**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/') {
      const body = layout === 'page' ? await hosted() : shop(layout);
      return route.fulfill({ contentType: 'text/html; charset=utf-8', body });
    }
    const name = pathname.slice(1);
    return name.endsWith('.css')
      ? route.fulfill({ contentType: 'text/css', path: join(layout === 'page' ? DIST : PACKAGE, name) })
      : route.fulfill({ status: 204 });
  });
  await page.goto(URL_OF_HALL);
  if (layout !== 'page') {
    await page.evaluate(async (sheets) => {
      const root = document.querySelector('wechat-cashier').attachShadow({ mode: 'open' });
      const place = document.createElement('div');
      place.className = 'wc-root';
      const links = sheets.map((href) => Object.assign(document.createElement('link'), { rel: 'stylesheet', href }));
      const there = Promise.all(links.map((link) => new Promise((resolve, reject) => Object.assign(link, { onload: resolve, onerror: reject }))));
      root.append(...links, place);
      await there;
    }, layout === 'counter' ? ['cashier.css', 'counter.css'] : ['cashier.css']);
  }
  return page;
}

/** Hangs this picture in the place of the one before; runs in the page. */
function put(html, lang) {
  const { documentElement } = document;
  documentElement.lang = lang;
  const element = document.querySelector('wechat-cashier');
  const place = element ? element.shadowRoot.querySelector('.wc-root') : document.getElementById('cashier');
  place.innerHTML = html;
  scrollTo(0, 0);
  // A picture without its style would pass for one that fits.
  if (getComputedStyle(place.querySelector('.wc')).getPropertyValue('--wc-page') === '') {
    throw new Error('a picture has no style');
  }
  // A picture in the picture has its size once it is there.
  return Promise.all([...place.querySelectorAll('img')].map((image) => image.decode().catch(() => {})));
}

/** Hangs this picture in the place of the one before. */
export const hang = (page, html, lang = 'zh-CN') => page.evaluate(`(${put})(...${JSON.stringify([html, lang])})`);

/**
 * The text of a program for the page: hangs these pictures one after the other, and gives what a look at each finds, with the
 * picture's name. `look` is the text of a function that is called with `argument`.
 */
export const touring = (all, look, { lang = 'zh-CN', argument } = {}) => `(async () => {
  const look = ${look};
  const found = [];
  for (const [name, html] of ${JSON.stringify(all)}) {
    await (${put})(html, ${JSON.stringify(lang)});
    found.push(...(await look(${JSON.stringify(argument)})).map((what) => name + ', ' + what));
  }
  return found;
})()`;

/**
 * What a look, as of `looked` in fit.mjs, finds on these pictures, one hung after the other. All in one call: a call for each
 * would take longer than the looks.
 */
export const tour = (page, all, look, options) => page.evaluate(touring(all, looking(look), options));

/** What a card is made of, without what differs from order to order: to compare a live one with the gallery's. */
export const bones = (page) => page.locator('.wc').evaluate((card) => {
  const kept = ['class', 'part', 'role', 'data-screen', 'data-tap', 'data-notice', 'aria-current', 'aria-hidden', 'open', 'type'];
  const of = (element) => {
    const attributes = kept.filter((name) => element.hasAttribute(name)).map((name) => `${name}=${element.getAttribute(name)}`);
    // A shop without a picture has a letter in its place.
    return `${element.matches('.wc-logo') ? 'logo' : element.localName}(${attributes.join(' ')})`;
  };
  // The list of ways is as long as the order has ways.
  return [card, ...card.querySelectorAll('*')].filter((element) => !element.closest('svg *, .wc-list, .wc-unseen *, img')).map(of).join('\n');
});
