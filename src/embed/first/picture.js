// The first picture: the screen with the code as the program draws it (`src/view`), which then takes over these very nodes.

import { qr } from './qr.js';
import {
  AmountDue, FOLDED_FROM, HavePaid, LONG, MONEY, NewCode, OrderNumber, PARTS, QrAlt, SAID, ScanHint, ScanOnly, TimeLeft, WORDS, Ways, WechatPay,
} from './rules.js';

const SVG = 'http://www.w3.org/2000/svg';

function put(node, attributes, ...children) {
  for (const name of Object.keys(attributes)) {
    if (attributes[name] !== undefined) {
      node.setAttribute(name, attributes[name]);
    }
  }
  node.append(...children.filter(Boolean));
  return node;
}

/** An element of this class, which is a part that the page around may style if it is listed. */
export function make(tag, name, attributes, ...children) {
  const part = name.split(' ').map((word) => word.slice(3)).find((word) => PARTS.includes(word));
  return put(document.createElement(tag), { class: name || undefined, part, ...attributes }, ...children);
}

export const box = (name, ...children) => make('div', name, {}, ...children);
export const line = (name, text, attributes) => make('p', name, attributes, text);

/**
 * What is drawn of the order, said in these words, or in the built-in ones. Nothing where the code is too long. `data-first` is on
 * it until the program has taken over.
 */
export function picture({ id, description, merchant, logo, amount, content, seconds, others }, words, lang) {
  const code = qr(content);
  if (!code) {
    return undefined;
  }
  const say = (text) => (words ? words[WORDS[text]] || '' : SAID[lang][text]);
  const title = say(ScanHint);
  const svg = (tag, attributes, ...children) => put(document.createElementNS(SVG, tag), attributes, ...children);
  const drawn = svg('svg', {
    role: 'img', 'aria-label': say(QrAlt).replace('{}', () => title), viewBox: `0 0 ${code.side} ${code.side}`,
    'shape-rendering': 'crispEdges', 'data-qr': content,
  }, svg('rect', { width: '100%', height: '100%', fill: '#fff' }), svg('path', { d: code.path, fill: '#000' }));
  const button = (tap, text) => make('button', 'wc-button', { type: 'button', 'data-tap': tap }, say(text));
  const rest = box('wc-rest');
  rest.style.transform = 'scaleX(1)';
  const sum = written(amount, lang);
  const letter = [...merchant][0] || '';
  return make('section', 'wc', { part: 'card', lang, dir: 'ltr', 'data-screen': 'scan', 'data-first': '' },
    box('wc-bill',
      box('wc-merchant',
        logo && picturing(make('img', 'wc-logo', { src: logo, alt: '', referrerpolicy: 'no-referrer' })),
        line('wc-logo', letter),
        folded('wc-name', merchant)),
      line('wc-due', say(AmountDue)),
      line(`wc-amount${['', ' wc-long', ' wc-longer', ' wc-longest'][LONG.filter((most) => [...sum].length > most).length]}`, sum),
      folded('wc-description', description),
      line('wc-order', `${say(OrderNumber)} ${id}`)),
    box('wc-stage',
      line('wc-method', say(WechatPay)),
      box('wc-screen',
        box('wc-slot wc-qr', drawn),
        make('h2', 'wc-title', { tabindex: '-1' }, title),
        box('wc-time', box('wc-clock', line('', say(TimeLeft)), line('wc-digits', face(seconds))), box('wc-track', rest)),
        box('wc-actions', button('have-paid', HavePaid), button('again', NewCode)),
        line('wc-small', say(ScanOnly)))),
    make('div', 'wc-over', { role: 'status' }),
    make('div', 'wc-unseen', { role: 'status' }, line('', title)),
    others && make('details', 'wc-ways', {}, make('summary', '', {}, say(Ways)), box('wc-list')));
}

/** A picture shows itself once it has loaded. */
function picturing(image) {
  image.addEventListener('load', () => image.setAttribute('data-loaded', ''));
  return image;
}

/** A paragraph of the merchant's; a long one is folded. Chinese signs are twice as wide as Latin letters. */
function folded(name, text) {
  const width = [...text].reduce((sum, character) => sum + (character < '\u1100' ? 1 : 2), 0);
  return width <= FOLDED_FROM ? line(name, text, { dir: 'auto' })
    : make('details', name, { 'data-long': '' }, make('summary', '', {}, line('', text, { dir: 'auto' })));
}

/** `14:59`, or `1:59:59` from an hour on. */
function face(seconds) {
  const two = (number) => String(100 + number).slice(1);
  const [hours, rest] = [Math.floor(seconds / 3600), seconds % 3600];
  return `${hours ? `${hours}:` : ''}${two(Math.floor(rest / 60))}:${two(rest % 60)}`;
}

/** The amount in the payer's language: the digits of the integer, with the point where ISO 4217 has it. */
function written({ value, currency }, lang) {
  const [decimals, ...signs] = MONEY[currency];
  const digits = String(value).padStart(decimals + 1, '0');
  const point = digits.length - decimals;
  const whole = digits.slice(0, point).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${signs[Object.keys(SAID).indexOf(lang)] || signs[0]}${whole}${decimals ? `.${digits.slice(point)}` : ''}`;
}
