// `<wechat-cashier>` in the templates of Vue 3: `import 'wechat-cashier/vue'` in place of `import 'wechat-cashier'`.
//
// Vue takes every tag for a component of its own unless it is told: `isCustomElement: (tag) => tag === 'wechat-cashier'` in
// the `compilerOptions` of the template (of @vitejs/plugin-vue or vue-loader; `app.config.compilerOptions` where templates are
// compiled in the browser).

import type { HTMLAttributes, PublicProps } from 'vue';
import type { WechatCashier, WechatCashierEventMap } from './wechat-cashier.js';

export * from './wechat-cashier.js';

/** What `<wechat-cashier>` takes, beside what every element takes. */
type Settings = {
  -readonly [Name in
    | 'order'
    | 'api'
    | 'token'
    | 'theme'
    | 'layout'
    | 'methods'
    | 'return'
    | 'allowOrigins'
    | 'channel'
    | 'first'
    | 'firstAsked'
    | 'texts']?: WechatCashier[Name] | null;
} & {
  'allow-origins'?: string | null;
  speech?: string | boolean | null;
} & { [Name in 'idleAfter' | 'idle-after']?: 'never' | `${number}` | number | null };

/** `@cashier-paid` and so on. */
type Listeners = {
  [Name in keyof WechatCashierEventMap as `on${Capitalize<Name>}`]?: (event: WechatCashierEventMap[Name]) => void;
};

type Emit = {
  [Name in keyof WechatCashierEventMap]: (type: Name, event: WechatCashierEventMap[Name]) => void;
}[keyof WechatCashierEventMap];

/** How templates see the element. */
export type WechatCashierInTemplates = new () => WechatCashier & {
  /** Not there at run time: for the checking of templates. */
  $props: Settings & Listeners & HTMLAttributes & PublicProps;
  /** Not there at run time: for the checking of templates. */
  $emit: Emit;
};

declare module 'vue' {
  interface GlobalComponents {
    'wechat-cashier': WechatCashierInTemplates;
  }
}
