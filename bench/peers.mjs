// The pages to compare with, built as their developers would for production: one hashed script, one hashed sheet.

import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';

const HERE = new URL('./peers/', import.meta.url);

/** Each with where it begins. */
const PEERS = { vanilla: 'main.js', vue: 'main.js', react: 'main.jsx' };

/** Builds all of them, each into a folder of its name below this one. */
export async function buildPeers(out) {
  await rm(out, { recursive: true, force: true });
  await Promise.all(Object.entries(PEERS).map(([name, entry]) => buildPeer(name, entry, join(out, name))));
}

async function buildPeer(name, entry, out) {
  const { metafile } = await build({
    entryPoints: [path(`${name}/${entry}`)],
    outdir: out, entryNames: '[name]-[hash]', metafile: true,
    bundle: true, minify: true, format: 'esm', target: 'es2020', legalComments: 'none', jsx: 'automatic',
    define: {
      'process.env.NODE_ENV': '"production"',
      __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
    plugins: [vue],
  });
  const [script] = Object.keys(metafile.outputs);
  const { code: css } = await transform(await readFile(path('pay.css'), 'utf8'), { loader: 'css', minify: true });
  const style = `pay-${createHash('sha256').update(css).digest('hex').slice(0, 8)}.css`;
  const html = await readFile(path('index.html'), 'utf8');
  await mkdir(out, { recursive: true });
  await writeFile(join(out, style), css);
  await writeFile(join(out, 'index.html'), html.replace('{{script}}', `./${basename(script)}`).replace('{{style}}', `./${style}`));
}

const path = (name) => fileURLToPath(new URL(name, HERE));

/** A single-file component, its template compiled into the script, as Vite does it for production. */
const vue = {
  name: 'vue',
  setup(builder) {
    builder.onLoad({ filter: /\.vue$/ }, async ({ path: file }) => {
      const { compileScript, parse } = await import('vue/compiler-sfc');
      const { descriptor } = parse(await readFile(file, 'utf8'), { filename: file });
      return { contents: compileScript(descriptor, { id: basename(file), inlineTemplate: true, isProd: true }).content, loader: 'js' };
    });
  },
};
