import { copyFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });
await build({
  entryPoints: ['src/shop.js'],
  outdir: 'dist',
  bundle: true,
  // Dynamic imports stay files of their own: the fallback and the other languages are fetched when they are needed.
  format: 'esm',
  splitting: true,
  minify: true,
});

// esbuild leaves `new URL('./cashier.wasm', import.meta.url)` as it is: the files have to lie where its output does.
for (const file of ['cashier.wasm', 'cashier.css', 'counter.css']) {
  copyFileSync(fileURLToPath(import.meta.resolve(`wechat-cashier/${file}`)), `dist/${file}`);
}
