// Every screen of a QR on a desk, and of what goes wrong there: how it is reached.

import { fault } from './sandbox.mjs';

const shown = (name) => (cashier) => cashier.shows(name);

/** Under these faults, set before the page opens, it comes to say what is the matter. */
const refused = (...faults) => ({
  faults,
  reach: (cashier) => cashier.reaches('trouble', 60_000, { settle: false, step: 1000 }),
});

const havePaid = (cashier) => cashier.page.locator('.wc-stage .wc-button').first().click();

/** Each screen; the words are those of `PLACES` in places.mjs. */
export const DESK = {
  // The program comes a second later than it may: until then a code might be drawn without it.
  loading: { faults: [fault('slow', { ms: 120_000 })], reach: (cashier) => cashier.reaches('loading', 2_000, { settle: false }) },
  scan: { reach: shown('scan'), sizes: { small: { width: 320, height: 640 }, counter: { width: 1920, height: 1080 } } },
  'scan-short': { wish: { expires_in_ms: 42_000 }, reach: shown('scan') },
  'scan-offline': {
    reach: async (cashier) => {
      await cashier.shows('scan');
      await cashier.page.context().setOffline(true);
      await cashier.page.waitForSelector('.wc-notice');
    },
  },
  'scan-unreachable': {
    reach: async (cashier, { sandbox, order }) => {
      await cashier.shows('scan');
      await sandbox.setFaults(order, fault('connection_dropped'));
      await cashier.advanceUntil('a notice', async () => (await cashier.notice()) !== null, 30_000);
    },
  },
  'scan-not-received': {
    reach: async (cashier) => {
      await cashier.shows('scan');
      await havePaid(cashier);
      await cashier.reaches('scan', 12_000);
    },
  },
  confirming: {
    reach: async (cashier) => {
      await cashier.shows('scan');
      await havePaid(cashier);
      await cashier.shows('confirming');
    },
  },
  paid: {
    reach: async (cashier, { sandbox }) => {
      await cashier.shows('scan');
      await sandbox.payByText(await cashier.code());
      await cashier.reaches('paid', 8_000);
    },
  },
  'paid-late': {
    wish: { expires_in_ms: 10_000 },
    reach: async (cashier, { sandbox, order }) => {
      await cashier.shows('scan');
      await sandbox.setFaults(order, fault('paid_after_expiry'));
      const { scan_id } = await sandbox.scan(await cashier.code());
      await cashier.reaches('expired', 11_000);
      await cashier.advance(5_000);
      await sandbox.post('/wechat/pay', { scan_id });
      await cashier.reaches('paid', 10_000);
    },
  },
  'code-expired': { faults: [fault('quick_code_expiry', { ms: 3_000, times: 1 })], reach: (cashier) => cashier.reaches('expired', 5_000) },
  'order-expired': { wish: { expires_in_ms: 3_000 }, reach: (cashier) => cashier.reaches('expired', 5_000) },
  closed: { faults: [fault('closed_by_merchant')], reach: shown('closed') },
  refunded: {
    reach: async (cashier, { sandbox, order }) => {
      await cashier.shows('scan');
      await sandbox.payByText(await cashier.code());
      await sandbox.refund(order);
      await cashier.reaches('refunded', 8_000);
    },
  },
  'trouble-no-order': { path: '/cashier/', reach: shown('trouble') },
  'trouble-not-found': refused(fault('order_not_found')),
  'trouble-unauthorized': refused(fault('unauthorized')),
  'trouble-unreachable': refused(fault('connection_dropped')),
  'trouble-busy': refused(fault('rate_limited', { retry_after_s: 1 })),
  'trouble-upstream': refused(fault('upstream_unavailable', { on: 'payment' })),
  'trouble-faulty': refused(fault('malformed_json')),
  'trouble-amount-changed': {
    reach: async (cashier, { sandbox, order }) => {
      await cashier.shows('scan');
      await sandbox.setFaults(order, fault('changed_amount', { value: 9_900 }));
      await cashier.reaches('trouble', 8_000);
    },
  },
  'boot-unreachable': {
    before: ({ page }) => page.route('**/*.wasm', (route) => route.fulfill({ status: 503 })),
    reach: (cashier) => cashier.advanceUntil('three tries', () => cashier.has('.boot-trouble'), 4_000),
  },
};
