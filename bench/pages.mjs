// The pages that are measured. A variant of ours is an entry here.

/**
 * `baseline`: one of those that the others are compared with. `from`: the folder that the page is made of, `peers/…` or `dist`;
 * without it `pages/element.html` is the page, beside the files of the npm package. `head`: lines for the page's head; `inside`: for
 * the element. `app`: the folder of a program that serves the page itself. `sign`: see `watch.mjs`.
 */
export const PAGES = [
  { name: 'vanilla', title: 'vanilla JS + uqr', baseline: true, from: 'peers/vanilla' },
  { name: 'vue', title: 'Vue 3 + qrcode', baseline: true, from: 'peers/vue' },
  { name: 'react', title: 'React 19 + qrcode.react', baseline: true, from: 'peers/react' },
  { name: 'hosted', title: 'ours, hosted page', from: 'dist' },
  { name: 'element', title: 'ours, element' },
  { name: 'element-hints', title: 'ours, element, head lines of the docs', head: '{{hints.html}}' },
  {
    name: 'element-inline', title: 'ours, element, answer in the page',
    head: '<link rel="preload" href="/wechat-cashier/cashier.css" as="style">',
    inside: '<script type="application/json">{{answer}}</script>',
  },
  { name: 'leptos-ssr', title: 'ours, examples/leptos-ssr', app: 'leptos', sign: '.wc-rest[style*=transform]' },
];
