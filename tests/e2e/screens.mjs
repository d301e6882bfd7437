// node tests/e2e/screens.mjs OUTDIR [NAME…]: a picture of every screen, or of those whose names hold one of these words, by
// the real page and the sandbox's faults, and sheets of them all to look at:
// `<screen>-<size>-<theme>-<lang>.png`, `sheet-<theme>.png`, `sheet-<theme>-<lang>.png`; and inside the emulated phone, with
// WeChat's text at 100 % and at 160 %, to the end of what it scrolls to:
// `<screen>-wechat<percent>-light-<lang>.png`, `…-end.png`, `sheet-wechat-<lang>.png`.

import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { World, browser, closeBrowser } from './support/cashier.mjs';
import { DESK } from './support/desk.mjs';
import { PLACES, reached, reachedInPhone } from './support/places.mjs';
import { finishAnimations } from './support/qr.mjs';
import { Sandbox } from './support/sandbox.mjs';

const LANGS = ['zh-CN', 'zh-HK', 'en'];
const THEMES = ['light', 'dark'];
const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };
/** What a phone shows is not looked at on a desk. */
const PHONE_SIZES = { phone: SIZES.phone, small: { width: 320, height: 640 } };
const PERCENTS = [100, 160];
/** Traditional characters take the room of simplified ones. */
const LANGS_IN_PHONE = ['zh-CN', 'en'];
/** Where in their life endless animations are shown: the ring half way out, the digits at full strength. */
const ENDLESS_AT_MS = 1000;

/** Nobody waits for a picture as for a test: pages of three languages are drawn at once, by the processor, which may have more to do. */
const PATIENCE_MS = 180_000;

const ALL = { ...DESK, ...PLACES };
const sizesOf = (screen) => (screen.browser?.isMobile ? PHONE_SIZES : { ...SIZES, ...screen.sizes });
/** The till has no place in a phone. */
const isOnPhones = (screen) => screen.at !== 'till_url';

/** Takes every picture of one screen in one language: the page gets there once, and is then looked at from every side. */
async function pictures(outDir, world, name, screen, lang) {
  const { page } = await reached(world, screen, { lang, reducedMotion: false });
  for (const [size, viewport] of Object.entries(sizesOf(screen))) {
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

/** Takes the pictures of one screen inside the emulated phone. */
async function inPhone(outDir, world, name, screen, lang) {
  // In WeChat a QR comes first only where it is all that there is.
  const place = name in DESK ? { ...screen, wish: { methods: ['native'], ...screen.wish } } : screen;
  for (const percent of PERCENTS) {
    const { cashier, page } = await reachedInPhone(world, place, { lang, percent, reducedMotion: false });
    await finishAnimations(cashier.page, ENDLESS_AT_MS);
    const device = page.locator('#device');
    const path = (end) => join(outDir, `${name}-wechat${percent}-light-${lang}${end}.png`);
    await cashier.page.evaluate(() => scrollTo(0, 0));
    await device.screenshot({ path: path('') });
    const scrolled = await cashier.page.evaluate(() => {
      scrollTo(0, document.documentElement.scrollHeight);
      return scrollY > 0;
    });
    if (scrolled) {
      await device.screenshot({ path: path('-end') });
    }
    await page.context().close();
  }
}

async function inLanguage(outDir, lang, screens) {
  const world = new World(await Sandbox.start(), { patienceMs: PATIENCE_MS });
  try {
    for (const [name, screen] of screens) {
      try {
        await pictures(outDir, world, name, screen, lang);
        if (isOnPhones(screen) && LANGS_IN_PHONE.includes(lang)) {
          await inPhone(outDir, world, name, screen, lang);
        }
      } catch (error) {
        throw new Error(`the screen ${name} in ${lang}`, { cause: error });
      }
    }
  } finally {
    await world.end();
  }
}

/** Pictures on one sheet, a row for each screen; `columns` of such rows. */
async function sheet(outDir, name, screens, columns, width, files) {
  const there = new Set(await readdir(outDir));
  const row = ([screen]) => {
    const figures = files(screen).filter((file) => there.has(file)).map((file) => `<img src="${file}">`);
    return figures.length > 0 ? `<section><h2>${screen}</h2>${figures.join('')}</section>` : '';
  };
  const style = `body { margin: 8px; background: #8a8f98; font: 12px system-ui; columns: ${columns}; column-gap: 8px }
    section { break-inside: avoid; white-space: nowrap } h2 { margin: 0 0 2px; font-size: 12px } img { height: 300px; margin: 0 6px 6px 0 }`;
  const path = join(outDir, `${name}.html`);
  await writeFile(path, `<!doctype html><meta charset="utf-8"><style>${style}</style>${screens.map(row).join('\n')}`);
  const page = await (await browser()).newPage({ viewport: { width: 16 + columns * width, height: 800 } });
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(pathToFileURL(path).href);
  await page.screenshot({ path: join(outDir, `${name}.png`), fullPage: true });
  await page.close();
}

const sizeNames = ['phone', 'small', 'desktop'];
const byTheme = (theme, langs) => (screen) => langs.flatMap((lang) => sizeNames.map((size) => `${screen}-${size}-${theme}-${lang}.png`));
const byPercent = (lang) => (screen) => PERCENTS.flatMap((percent) => ['', '-end'].map((end) => `${screen}-wechat${percent}-light-${lang}${end}.png`));

const [outName, ...words] = process.argv.slice(2);
if (!outName) {
  console.error(`usage: node ${basename(process.argv[1])} OUTDIR [NAME…]`);
  process.exit(2);
}
const outDir = resolve(outName);
const screens = Object.entries(ALL).filter(([name]) => words.length === 0 || words.some((word) => name.includes(word)));
await mkdir(outDir, { recursive: true });
const started = Date.now();
try {
  await Promise.all(LANGS.map((lang) => inLanguage(outDir, lang, screens)));
  for (const theme of THEMES) {
    await sheet(outDir, `sheet-${theme}`, screens, 1, LANGS.length * 640, byTheme(theme, LANGS));
    for (const lang of LANGS) {
      await sheet(outDir, `sheet-${theme}-${lang}`, screens, 2, 640, byTheme(theme, [lang]));
    }
  }
  for (const lang of LANGS_IN_PHONE) {
    await sheet(outDir, `sheet-wechat-${lang}`, screens, 2, 640, byPercent(lang));
  }
} finally {
  await closeBrowser();
}
const count = (await readdir(outDir)).filter((file) => file.endsWith('.png')).length;
console.log(`${count} pictures in ${((Date.now() - started) / 1000).toFixed(0)} s`);
