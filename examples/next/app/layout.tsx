import type { ReactNode } from 'react';

export const metadata = { title: 'Tea House', icons: 'data:,' };

/** While you develop: what is wrong, in the console. A script of the page's, so that it is there before the cashier's. */
const TELL = "document.addEventListener('cashier-error', ({ detail }) => console.warn(detail.code, detail.detail))";

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="zh-CN">
      <body>
        <script dangerouslySetInnerHTML={{ __html: TELL }} />
        {children}
      </body>
    </html>
  );
}
