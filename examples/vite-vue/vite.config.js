import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

export default defineConfig({
  // Else Vue takes the tag for a component that it does not know.
  plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => tag === 'wechat-cashier' } } })],
  // Wherever the page lies.
  base: './',
  // Else the counter's small style sheet becomes a `data:` address, which a strict Content-Security-Policy forbids.
  build: { assetsInlineLimit: 0 },
  // Up to Vite 7 the development server would move the package's script away from its files.
  optimizeDeps: { exclude: ['wechat-cashier'] },
  server: { proxy: { '/api': 'http://127.0.0.1:8088' } },
});
