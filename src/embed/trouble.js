// What the payer is told where there is no program to say it.

import { line, make } from './first/picture.js';
import { reload } from './told.js';

const TEXT = {
  zh: {
    no_webassembly: '当前浏览器无法运行收银台。请更新微信或换用其他浏览器。',
    file_unreachable: '收银台加载失败，请检查网络后重试。',
    unwatched: '收银台未能完整加载，此页面不会显示付款结果。请重新加载。',
    stopped: '收银台意外停止。付款结果以商户订单为准，请重新加载查看。',
    reload: '重新加载',
  },
  en: {
    no_webassembly: 'This browser cannot run the cashier. Please update it, or use another one.',
    file_unreachable: 'The cashier could not be loaded. Check the connection and try again.',
    unwatched: 'The cashier has not loaded in full: this page will not notice that you have paid. Load it again.',
    stopped: 'The cashier has stopped. Nothing is lost: load it again to see the state of your payment.',
    reload: 'Try again',
  },
};
TEXT.zh.file_missing = TEXT.zh.file_unreachable;
TEXT.en.file_missing = TEXT.en.file_unreachable;

/**
 * Says it in `place`. With `content`, the merchant's own content says it, and only the button is ours. `below`: a code is there and
 * stays; it is said there, and that nobody watches for its payment.
 */
export function tell(place, lang, code, reason, content, below) {
  const text = TEXT[/^zh/i.test(lang) ? 'zh' : 'en'];
  const button = make('button', 'boot-reload', { type: 'button' }, text.reload);
  // Never by itself: what else is on this page would be lost, and nobody asked for that.
  button.addEventListener('click', () => reload(place.getRootNode().host || place));
  const said = below ? text.unwatched : !content && (text[code] || text.stopped);
  const box = make('div', 'boot-trouble', { role: 'alert' },
    said && line('boot-text', said), content, button, line('boot-reason', reason));
  const where = below || place;
  where.textContent = '';
  place.removeAttribute('aria-busy');
  where.append(box);
}
