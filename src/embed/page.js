// The hosted page: reads what its address and its markup say, and opens the cashier in `#cashier`.

import { dress } from './counter/style.js';
import { open } from './host.js';
import { language } from './load.js';
import { tell } from './trouble.js';

const place = document.getElementById('cashier');
const query = new URLSearchParams(location.search);
// Never from the address, where anyone could put an address of theirs.
const meta = (name) => {
  const element = document.querySelector(`meta[name="cashier-${name}"]`);
  return (element && element.content) || '';
};
const asked = query.get('lang');
const lang = language([...(asked ? [asked] : []), ...(navigator.languages || [navigator.language])]);
const surface = query.get('surface');
if (surface === 'counter') {
  place.dataset.layout = surface;
  dress(document.head, document);
}

document.documentElement.lang = lang;
document.title = lang === 'en' ? 'WeChat Pay' : '微信支付';
document.querySelector('h1').textContent = document.title;
open(place, place, {
  order: query.get('order') || '',
  token: query.get('token') || '',
  api: meta('api') || '/api',
  origins: meta('origins').split(' ').filter(Boolean).map((origin) => origin.replace(/\/$/, '')),
  sdk: meta('jssdk'),
  sdkIntegrity: meta('jssdk-integrity'),
  layout: 'page',
  return: 5000,
  lang,
  surface,
}, (code, reason) => tell(place, navigator.language || '', code, reason));
