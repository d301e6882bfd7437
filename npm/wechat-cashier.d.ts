// The types of `<wechat-cashier>`: the element, its events, and the orders of the contract (docs/contract.md).

import type { TextKey } from './words/keys.js';

export type { TextKey };

/** `<wechat-cashier>`: takes the payment of one order, in a shadow root. */
export class WechatCashier extends HTMLElement {
  /** The order to be paid, by your id of it. Another one starts afresh; none shows the element's own content. */
  get order(): string | null;
  set order(id: string | null | undefined);

  /** The URL prefix of your backend; `/api` on the page's own origin if absent. Never take it from the page's address. */
  get api(): string | null;
  set api(prefix: string | null | undefined);

  /** Sent to your backend as `Authorization: Bearer`. */
  get token(): string | null;
  set token(token: string | null | undefined);

  /**
   * `zh-CN`, `zh-HK`, `en`; or the language of your own `texts`. If absent, that of the document, then of the browser.
   * An empty string is none.
   */
  lang: CashierLang;

  /** `auto` (as the payer's system has it) if absent. */
  get theme(): Theme | null;
  set theme(theme: Theme | null | undefined);

  /** `auto`, which is `panel`, if absent. `page`: as the hosted page. `counter`: a screen for customers to look at. */
  get layout(): Layout | null;
  set layout(layout: Layout | null | undefined);

  /** Ids of ways to pay, with spaces between: only these, in this order. If absent, all that the order offers. */
  get methods(): string | null;
  set methods(ids: string | null | undefined);

  /**
   * The way back to the order's `return_url`. `auto 8`: a button, and once paid, by itself after 8 s (`auto`: 5 s);
   * `manual`: a button; `none`: nothing, the page goes on by `cashier-paid`. `auto` if absent.
   */
  get return(): ReturnWay | null;
  set return(way: ReturnWay | null | undefined);

  /**
   * Further origins that the payer may be led to, with spaces between, and whose `https:` addresses may be drawn as a QR
   * for a way to pay of your own. The page's own origin and WeChat Pay's are always allowed.
   */
  get allowOrigins(): string | null;
  set allowOrigins(origins: string | null | undefined);

  /** `layout="counter"`: what was paid is spoken. Any string, also an empty one, or `true` asks for it. */
  get speech(): string | null;
  set speech(speech: string | boolean | null | undefined);

  /** `layout="counter"`: name of the `BroadcastChannel` that orders come by; none is opened if absent. */
  get channel(): string | null;
  set channel(name: string | null | undefined);

  /** `layout="counter"`: seconds that the end of an order stays before the screen is idle, or `never`; 10 if absent. */
  get idleAfter(): string | null;
  set idleAfter(seconds: 'never' | `${number}` | number | null | undefined);

  /**
   * The order as your backend has just answered it, if the page has it already: the QR then waits for no request. A child
   * `<script type="application/json">` is the same. One that may be older than 10 s is passed over, and your backend asked
   * ({@link firstAsked}).
   */
  get first(): Order | undefined;
  set first(order: Order | null | undefined);

  /**
   * What `performance.now()` was when `first` was asked for. Without it, `first` is as old as the document, or of no known age
   * where that came out of a cache.
   */
  get firstAsked(): number | undefined;
  set firstAsked(milliseconds: number | null | undefined);

  /**
   * Texts of yours in place of the built-in ones. Of a language that is not built in, give all of them ({@link AllTexts}):
   * what is missing is said in a built-in one and told by `cashier-error`, `texts_incomplete`.
   */
  get texts(): Texts | undefined;
  set texts(texts: Texts | null | undefined);

  /** How the order stands. */
  readonly status: Status;

  /** Asks your backend now, and has it ask WeChat Pay. */
  refresh(): void;
  /** As the payer's "try again". */
  retry(): void;
  /** Has your backend close the order; `cashier-closed` tells when it is. */
  close(): void;

  addEventListener<K extends keyof WechatCashierEventMap>(
    type: K,
    listener: (this: WechatCashier, event: WechatCashierEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: WechatCashier, event: HTMLElementEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<K extends keyof WechatCashierEventMap>(
    type: K,
    listener: (this: WechatCashier, event: WechatCashierEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: WechatCashier, event: HTMLElementEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | EventListenerOptions,
  ): void;
}

// ── What is set ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** A string that an editor completes to the known ones. */
type Known<T extends string> = T | (string & Record<never, never>);

export type CashierLang = Known<'zh-CN' | 'zh-HK' | 'en'>;
export type Theme = 'auto' | 'light' | 'dark';
export type Layout = 'auto' | 'panel' | 'page' | 'counter';
export type ReturnWay = 'auto' | `auto ${number}` | 'manual' | 'none';

/** Some texts, by their keys. Where the built-in text has `{}`, yours needs it once too: a value goes there. */
export type Texts = Partial<Record<TextKey | CounterTextKey, string>>;
/** Texts of a counter's screen alone: what is said when it is paid, with a place `{}` for the amount, and the offer of sound. */
export type CounterTextKey = 'SpokenPaid' | 'TapForSound';
/** Every text: `const texts: AllTexts = …` does not compile while one is missing. */
export type AllTexts = Record<TextKey, string>;

// ── What is told ─────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * How the order stands. `confirming`: your backend is being asked whether it is paid. `expired`: its time is up (a code
 * that can be renewed is `pending`). `error`: the cashier cannot go on for now, and `cashier-error` says why.
 */
export type Status =
  | 'idle'
  | 'loading'
  | 'pending'
  | 'confirming'
  | 'paid'
  | 'expired'
  | 'closed'
  | 'refunded'
  | 'error';

/** What the payer sees. */
export type ScreenName =
  | 'idle'
  | 'loading'
  | 'scan'
  | 'pay'
  | 'returned'
  | 'take-code'
  | 'await-payer'
  | 'confirming'
  | 'paid'
  | 'expired'
  | 'closed'
  | 'refunded'
  | 'trouble';

/** How far a button to pay by is. `opening`: it was tapped, and what it opens is on its way or open. */
export type Stage = 'preparing' | 'ready' | 'opening';

/** What every event says. */
export interface CashierDetail {
  /** The order's id, as it was set. */
  readonly order: string;
}

export interface CashierStatusDetail extends CashierDetail {
  readonly status: Status;
  readonly screen: ScreenName;
  /** The way to pay at hand, once known. */
  readonly method: Method | null;
  /** How far the button is, on the screen `pay`. */
  readonly stage: Stage | null;
  /** The status before; the same where only something else has changed, and at the beginning. */
  readonly previous: Status;
}

export interface CashierPaidDetail extends CashierDetail {
  /** What was paid, in minor units; `null` if your backend's answer says no amount that can be read. */
  readonly amount: Money | null;
  /** The way it was paid by, if your backend says so. */
  readonly paid_by: Method | null;
}

export interface CashierErrorDetail extends CashierDetail {
  /** A word for it, which the payer can tell your support. Later versions may add words. */
  readonly code: Known<ErrorCode>;
  /** What was wrong, for developers. */
  readonly detail: string | null;
  /** Nothing that the payer can do here changes it. */
  readonly fatal: boolean;
}

export interface CashierNavigateDetail extends CashierDetail {
  /** Where to, in full. */
  readonly url: string;
  /**
   * `shop`: back to the shop; `pay`: to a page that pays; `login`: to WeChat's login; `unframe`: this page, out of its
   * frame; `reload`: this page anew, where the program could not be had or has stopped.
   */
  readonly reason: 'shop' | 'pay' | 'login' | 'unframe' | 'reload';
}

/** All of them bubble and leave shadow roots. */
export interface WechatCashierEventMap {
  /** The status is no longer `loading`, for the first time. A QR may still be on its way. */
  'cashier-ready': CustomEvent<CashierDetail>;
  /** The beginning; then, the status, the screen, the method or the stage has changed. */
  'cashier-status': CustomEvent<CashierStatusDetail>;
  /** Your backend says that the order is paid. Once for an order. Deliver by what your backend knows, not by this. */
  'cashier-paid': CustomEvent<CashierPaidDetail>;
  'cashier-expired': CustomEvent<CashierDetail>;
  'cashier-closed': CustomEvent<CashierDetail>;
  /** Something is wrong, for good or for now, or has kept the program from running. */
  'cashier-error': CustomEvent<CashierErrorDetail>;
  /** The page is about to be left. `preventDefault()` keeps it. */
  'cashier-navigate': CustomEvent<CashierNavigateDetail>;
}

export type ErrorCode =
  // The backend's refusals.
  | 'order_not_found'
  | 'order_paid'
  | 'order_closed'
  | 'order_expired'
  | 'method_unavailable'
  | 'invalid_request'
  | 'unauthorized'
  | 'rate_limited'
  | 'upstream_unavailable'
  | 'server_error'
  // The network, the order, and what the backend asks for.
  | 'offline'
  | 'unreachable'
  | 'unreadable_answer'
  | 'missing_order'
  | 'no_method'
  | 'address_not_allowed'
  | 'login_loop'
  | 'amount_changed'
  | 'unknown_status'
  | 'stale_answer'
  | 'events_unavailable'
  | 'close_failed'
  // WeChat.
  | 'stale'
  | 'url_not_registered'
  | 'setup'
  | 'not_supported'
  | 'no_gesture'
  | 'other_account'
  | 'limit'
  | 'already_paid'
  | 'no_bridge'
  | 'no_sdk'
  | 'failed'
  // The cashier's own files.
  | 'no_webassembly'
  | 'file_missing'
  | 'file_unreachable'
  | 'stopped'
  | 'style_missing'
  | 'counter_unavailable'
  // Attributes.
  | 'setting_unknown'
  // `texts`.
  | 'texts_incomplete'
  | 'texts_unknown';

// ── The contract ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** An order as the backend answers it: `GET {api}/orders/{order_id}`. */
export interface Order {
  /** Your id of the order. */
  order_id: string;
  status: OrderStatus;
  /** When it was paid, if it was. */
  paid_at?: Timestamp | null;
  /** By which way it was paid. */
  paid_by?: Method | null;
  /** What is to be paid. It never changes within an order's life. */
  amount: Money;
  /** What for, in the payer's words. */
  description: string;
  merchant: Merchant;
  /** The server's clock when it answered. */
  now: Timestamp;
  /** Until when it can be paid. */
  expires_at: Timestamp;
  /** The ways to pay it. What works best where the page is opened comes first; those of your own keep this order. */
  methods: MethodOffer[];
  /** The order's latest payment, if it is still good, so that this answer already holds the QR. */
  payment?: Payment | null;
  /** Where the payer goes when done. May be relative to the page. */
  return_url?: string | null;
  /** Where server-sent events come from, each one an order. May be relative to the page (not to `api`). */
  events_url?: string | null;
  /** Where funnel events go. May be relative to the page. */
  telemetry_url?: string | null;
}

export type OrderStatus = 'pending' | 'paid' | 'closed' | 'refunded';

/** RFC 3339 with an offset, such as `2026-11-21T10:00:00.250Z`. */
export type Timestamp = string;

export interface Money {
  /** An integer from 1 in the currency's minor unit by ISO 4217: 1999 is 19.99 CNY, 1999 JPY, 1.999 KWD, 19.99 IDR. */
  value: number;
  /** An ISO 4217 code of a currency with a minor unit, such as `CNY`. */
  currency: string;
}

export interface Merchant {
  /** As the payer knows it. */
  name: string;
  /** Address of its picture, which may be relative to the page. */
  logo_url?: string | null;
}

/** A way to pay: one of these, or any other id for one of your own. */
export type Method = Known<'native' | 'jsapi' | 'h5' | 'mini_program' | 'payment_code'>;

/** A way to pay as an order offers it. One of your own needs a label. */
export type MethodOffer = Method | OfferObject;

export interface OfferObject {
  id: Method;
  /** Your name for it, as the payer reads it. */
  label?: string | null;
  /** Address of a picture for it, which may be relative to the page. */
  icon_url?: string | null;
}

/** One attempt to pay an order by one method. */
export interface Payment {
  /** The backend's name for this attempt. */
  payment_id: string;
  method: Method;
  /** The server's clock when it answered. */
  now: Timestamp;
  /** When the action stops working. Without it, when the order expires. */
  expires_at?: Timestamp | null;
  action: Action;
}

/** What the payer's page must do for a payment. */
export type Action =
  | { type: 'show_qr'; /** What the QR says, letter for letter. */ content: string }
  | { type: 'invoke_jsapi'; params: JsapiParams }
  | { type: 'redirect'; /** May be relative to the page. */ url: string }
  | { type: 'open_mini_program'; /** Such as `/pages/pay?order=1`. */ path: string }
  | { type: 'wait' };

/** The parameters of `getBrandWCPayRequest`, minted and signed by the backend. All are strings. */
export interface JsapiParams {
  appId: string;
  timeStamp: string;
  nonceStr: string;
  package: string;
  signType: string;
  paySign: string;
}

declare global {
  interface HTMLElementTagNameMap {
    'wechat-cashier': WechatCashier;
  }
  /** For listeners on what is around the element, up to `document` and `window`. */
  interface GlobalEventHandlersEventMap extends WechatCashierEventMap {}
}
