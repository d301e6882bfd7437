// A server needs the page and, beside it, the package's files in a folder. Copied by hand they are as good.
import { cpSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const cashier = dirname(fileURLToPath(import.meta.resolve('wechat-cashier')));

rmSync('dist', { recursive: true, force: true });
cpSync(cashier, 'dist/wechat-cashier', { recursive: true });
for (const file of ['index.html', 'shop.js', 'cashier.html', 'cashier.js']) {
  cpSync(file, `dist/${file}`);
}
