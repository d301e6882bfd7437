import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  // Wherever the page lies.
  base: './',
  // Else the counter's small style sheet becomes a `data:` address, which a strict Content-Security-Policy forbids.
  build: { assetsInlineLimit: 0 },
  // Up to Vite 7 the development server would move the package's script away from its files.
  optimizeDeps: { exclude: ['wechat-cashier'] },
  server: { proxy: { '/api': 'http://127.0.0.1:8088' } },
});
