// node tests/e2e/screens.mjs OUTDIR: a picture of every screen, by the real page and the sandbox's faults, and sheets of them
// all to look at: `<screen>-<size>-<theme>-<lang>.png`, `sheet-<theme>.png`, `sheet-<theme>-<lang>.png`.

import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { World, browser, closeBrowser, fault } from './support/cashier.mjs';
import { finishAnimations } from './support/qr.mjs';
import { Sandbox } from './support/sandbox.mjs';

const LANGS = ['zh-CN', 'zh-HK', 'en'];
const THEMES = ['light', 'dark'];
const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };
const MORE_SIZES = { small: { width: 320, height: 640 }, counter: { width: 1920, height: 1080 } };
/** Where in their life endless animations are shown: the ring half way out, the digits at full strength. */
const ENDLESS_AT_MS = 1000;

const shown = (name) => (cashier) => cashier.shows(name);

/** Under these faults, set before the page opens, it comes to say what is the matter. */
const refused = (...faults) => ({
  faults,
  reach: (cashier) => cashier.reaches('trouble', 60_000, { settle: false, step: 1000 }),
});

/** Each screen: what the order is like (`wish`), what is set before the page opens, and how to get there from then on. */
const SCREENS = {
  loading: { faults: [fault('slow', { ms: 120_000 })], reach: shown('loading') },
  scan: { reach: shown('scan'), sizes: MORE_SIZES },
  'scan-short': { wish: { expires_in_ms: 42_000 }, reach: shown('scan') },
  'scan-offline': {
    reach: async (cashier) => {
      await cashier.shows('scan');
      await cashier.page.context().setOffline(true);
      await cashier.page.waitForSelector('.wc-notice');
    },
  },
  'scan-unreachable': {
    reach: async (cashier, { sandbox, order }) => {
      await cashier.shows('scan');
      await sandbox.setFaults(order, fault('connection_dropped'));
      await cashier.advanceUntil('a notice', async () => (await cashier.notice()) !== null, 30_000);
    },
  },
  'scan-not-received': {
    reach: async (cashier) => {
      await cashier.shows('scan');
      await havePaid(cashier);
      await cashier.reaches('scan', 12_000);
    },
  },
  confirming: {
    reach: async (cashier) => {
      await cashier.shows('scan');
      await havePaid(cashier);
      await cashier.shows('confirming');
    },
  },
  paid: {
    reach: async (cashier, { sandbox }) => {
      await cashier.shows('scan');
      await sandbox.payByText(await cashier.code());
      await cashier.reaches('paid', 5_000);
    },
  },
  'paid-late': {
    wish: { expires_in_ms: 10_000 },
    reach: async (cashier, { sandbox, order }) => {
      await cashier.shows('scan');
      await sandbox.setFaults(order, fault('paid_after_expiry'));
      const { scan_id } = await sandbox.scan(await cashier.code());
      await cashier.reaches('expired', 11_000);
      await cashier.advance(5_000);
      await sandbox.post('/wechat/pay', { scan_id });
      await cashier.reaches('paid', 10_000);
    },
  },
  'code-expired': { faults: [fault('quick_code_expiry', { ms: 3_000, times: 1 })], reach: (cashier) => cashier.reaches('expired', 5_000) },
  'order-expired': { wish: { expires_in_ms: 3_000 }, reach: (cashier) => cashier.reaches('expired', 5_000) },
  closed: { faults: [fault('closed_by_merchant')], reach: shown('closed') },
  refunded: {
    reach: async (cashier, { sandbox, order }) => {
      await cashier.shows('scan');
      await sandbox.payByText(await cashier.code());
      await sandbox.refund(order);
      await cashier.reaches('refunded', 5_000);
    },
  },
  'trouble-no-order': { path: '/cashier/', reach: shown('trouble') },
  'trouble-not-found': refused(fault('order_not_found')),
  'trouble-unauthorized': refused(fault('unauthorized')),
  'trouble-unreachable': refused(fault('connection_dropped')),
  'trouble-busy': refused(fault('rate_limited', { retry_after_s: 1 })),
  'trouble-upstream': refused(fault('upstream_unavailable', { on: 'payment' })),
  'trouble-faulty': refused(fault('malformed_json')),
  'trouble-amount-changed': {
    reach: async (cashier, { sandbox, order }) => {
      await cashier.shows('scan');
      await sandbox.setFaults(order, fault('changed_amount', { value: 9_900 }));
      await cashier.reaches('trouble', 5_000);
    },
  },
  'boot-unreachable': {
    before: ({ page }) => page.route('**/*.wasm', (route) => route.fulfill({ status: 503 })),
    reach: (cashier) => cashier.page.waitForSelector('.boot-trouble'),
  },
};

const havePaid = (cashier) => cashier.page.locator('.wc-stage .wc-button').first().click();

/** Takes every picture of one screen in one language: the page gets there once, and is then looked at from every side. */
async function pictures(outDir, world, name, screen, lang) {
  const order = await world.sandbox.newOrder({ lang, ...screen.wish });
  if (screen.faults) {
    await world.sandbox.setFaults(order, ...screen.faults);
  }
  const cashier = await world.openCashier(order, {
    locale: lang, lang, path: screen.path, before: screen.before, reducedMotion: false,
  });
  const { page } = cashier;
  await screen.reach(cashier, { sandbox: world.sandbox, order });
  for (const [size, viewport] of Object.entries({ ...SIZES, ...screen.sizes })) {
    await page.setViewportSize(viewport);
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme });
      await finishAnimations(page, ENDLESS_AT_MS);
      const path = join(outDir, `${name}-${size}-${theme}-${lang}.png`);
      await page.screenshot({ path, fullPage: size === 'small' });
    }
  }
  await page.context().close();
}

async function inLanguage(outDir, lang) {
  const world = new World(await Sandbox.start());
  try {
    for (const [name, screen] of Object.entries(SCREENS)) {
      try {
        await pictures(outDir, world, name, screen, lang);
      } catch (error) {
        throw new Error(`the screen ${name} in ${lang}`, { cause: error });
      }
    }
  } finally {
    await world.end();
  }
}

/** All pictures of a theme, in these languages, on one sheet: a column for each size and language, a row for each screen. */
async function sheet(outDir, name, theme, langs) {
  const files = new Set(await readdir(outDir));
  const row = (screen) => {
    const pictures = langs.flatMap((lang) => Object.keys(SIZES).map((size) => `${screen}-${size}-${theme}-${lang}.png`));
    const figures = pictures.filter((file) => files.has(file)).map((file) => `<img src="${file}">`);
    return `<section><h2>${screen}</h2>${figures.join('')}</section>`;
  };
  const columns = langs.length === 1 ? 2 : 1;
  const style = `body { margin: 8px; background: #8a8f98; font: 12px system-ui; columns: ${columns}; column-gap: 8px }
    section { break-inside: avoid; white-space: nowrap } h2 { margin: 0 0 2px; font-size: 12px } img { height: 300px; margin: 0 6px 6px 0 }`;
  const path = join(outDir, `${name}.html`);
  await writeFile(path, `<!doctype html><meta charset="utf-8"><style>${style}</style>${Object.keys(SCREENS).map(row).join('\n')}`);
  const width = 16 + columns * langs.length * 640;
  const page = await (await browser()).newPage({ viewport: { width, height: 800 } });
  await page.goto(pathToFileURL(path).href);
  await page.screenshot({ path: join(outDir, `${name}.png`), fullPage: true });
  await page.close();
}

if (process.argv.length !== 3) {
  console.error(`usage: node ${basename(process.argv[1])} OUTDIR`);
  process.exit(2);
}
const outDir = resolve(process.argv[2]);
await mkdir(outDir, { recursive: true });
const started = Date.now();
try {
  await Promise.all(LANGS.map((lang) => inLanguage(outDir, lang)));
  for (const theme of THEMES) {
    await sheet(outDir, `sheet-${theme}`, theme, LANGS);
    for (const lang of LANGS) {
      await sheet(outDir, `sheet-${theme}-${lang}`, theme, [lang]);
    }
  }
} finally {
  await closeBrowser();
}
const count = (await readdir(outDir)).filter((file) => file.endsWith('.png')).length;
console.log(`${count} pictures in ${((Date.now() - started) / 1000).toFixed(0)} s`);
