// The hosted page: reads what its address and its markup say, and opens the cashier in `#cashier`.

import { dressPage } from './dress.js';
import { open } from './host.js';
import { language } from './load.js';
import { reloadOnce } from './reload.js';
import { standing } from './standing.js';
import { tell } from './trouble.js';

const place = document.getElementById('cashier');
const query = new URLSearchParams(location.search);
// Never from the address, where anyone could put an address of theirs.
const meta = (name) => {
  const element = document.querySelector(`meta[name="cashier-${name}"]`);
  return (element && element.content) || '';
};
const asked = query.get('lang');
const lang = language([asked, ...(navigator.languages || [navigator.language])]);
const surface = query.get('surface');
document.documentElement.lang = lang;
document.title = lang === 'en' ? 'WeChat Pay' : '微信支付';
document.querySelector('h1').textContent = document.title;
const settings = {
  order: query.get('order') || '',
  token: query.get('token') || '',
  api: meta('api') || '/api',
  origins: meta('origins').split(' ').filter(Boolean),
  sdk: meta('jssdk'),
  sdkIntegrity: meta('jssdk-integrity'),
  layout: 'page',
  return: 5000,
  lang,
  surface,
};
let cashier;

function start() {
  cashier = open(place, place, settings, ({ code, detail, below }) => reloadOnce(code) || tell(place, navigator.language || '', code, detail, undefined, below));
}

/** The page is a counter's screen, and `place` as much of an element as that needs. */
function stand() {
  place.dataset.layout = settings.layout = surface;
  ['channel', 'speech', 'idle-after'].forEach((name) => query.has(name) && place.setAttribute(name, query.get(name)));
  let renewing;
  let shown = settings.order;
  const renew = () => {
    renewing = renewing || Promise.resolve().then(() => {
      renewing = undefined;
      if (settings.order === shown) {
        cashier.call('token', settings.token);
        return;
      }
      shown = settings.order;
      cashier.end();
      place.textContent = '';
      start();
    });
  };
  ['order', 'token'].forEach((name) => Object.defineProperty(place, name, {
    get: () => settings[name],
    set(value) {
      if (settings[name] !== (value || '')) {
        settings[name] = value || '';
        renew();
      }
    },
  }));
  Object.defineProperty(place, 'status', { get: () => cashier.status() });
  place.retry = () => cashier.call('retry');
  standing(place);
}

start();
if (surface === 'counter') {
  stand();
}
dressPage(place);
place.dataset.started = ''; // unsupported.js looks for it
