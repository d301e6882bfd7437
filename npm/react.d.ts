// `<wechat-cashier>` in JSX, for React 19 and newer: `import 'wechat-cashier/react'` in place of `import 'wechat-cashier'`.
//
// Where React 19 renders in the browser alone, it sets properties (`first`, `texts`) and listens: `oncashier-paid={…}`, the
// event's name after `on`. When it hydrates what a server has rendered, and in React 18, it does neither for elements that are
// not its own: set properties and listen through a ref, in an effect.

import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { Layout, Order, ReturnWay, Texts, Theme, WechatCashier, WechatCashierEventMap } from './wechat-cashier.js';

export * from './wechat-cashier.js';

/** `oncashier-paid` and so on, and `oncashier-paidCapture`. Never called after server rendering: listen through a `ref`. */
type Listeners = {
  [Name in keyof WechatCashierEventMap as `on${Name}` | `on${Name}Capture`]?: (event: WechatCashierEventMap[Name]) => void;
};

/**
 * What `<wechat-cashier>` takes. After server rendering, React passes over `first`, `firstAsked`, `texts` and all listeners:
 * set them through a `ref`.
 */
export interface WechatCashierProps extends DetailedHTMLProps<HTMLAttributes<WechatCashier>, WechatCashier>, Listeners {
  /** The order to be paid, by your id of it. */
  order?: string | null;
  /** The URL prefix of your backend; `/api` if absent. */
  api?: string | null;
  /** Sent to your backend as `Authorization: Bearer`. */
  token?: string | null;
  theme?: Theme | null;
  layout?: Layout | null;
  /** Ids of ways to pay, with spaces between. */
  methods?: string | null;
  /** The way back to the shop. */
  return?: ReturnWay | null;
  /** Further origins that the payer may be led to, with spaces between. */
  'allow-origins'?: string | null;
  allowOrigins?: string | null;
  speech?: string | boolean | null;
  /** With `layout="counter"`: the `BroadcastChannel` that orders come by. */
  channel?: string | null;
  'idle-after'?: WechatCashierProps['idleAfter'];
  /** With `layout="counter"`: seconds that the end of an order stays. */
  idleAfter?: 'never' | `${number}` | number | null;
  /** The order as your backend has just answered it. After server rendering, set it through a `ref`. */
  first?: Order | null;
  /** What `performance.now()` was when `first` was asked for. After server rendering, set it through a `ref`. */
  firstAsked?: number | null;
  /** Texts of yours in place of the built-in ones. After server rendering, set them through a `ref`. */
  texts?: Texts | null;
}

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'wechat-cashier': WechatCashierProps;
    }
  }
}
