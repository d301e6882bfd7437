// The page of another way to pay, where the merchant has sent the payer: `/alipay/pay?id=…&return_url=…`.

import { ask, money } from '/assets/layer.js';

const element = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);
const id = query.get('id');
const buttons = document.querySelectorAll('[data-outcome]');

function say(text, gloss) {
  const english = Object.assign(document.createElement('span'), { lang: 'en', textContent: gloss ?? '' });
  element('said').replaceChildren(text ?? '', ' ', english);
}

const bill = await fetch(`/alipay/bill?id=${encodeURIComponent(id)}`).then((response) => response.json()).catch(() => ({}));
if (bill.amount) {
  element('merchant').textContent = bill.merchant;
  element('amount').textContent = money(bill.amount);
  element('description').textContent = bill.description;
}

// Until here a click would have been lost.
for (const button of buttons) {
  button.disabled = false;
  button.addEventListener('click', async () => {
    for (const each of buttons) each.disabled = true;
    const { outcome } = button.dataset;
    const answer = await ask('/alipay/pay', { id, outcome });
    if (answer.result === 'refused') {
      for (const each of buttons) each.disabled = false;
      return say(answer.text, answer.gloss);
    }
    location.replace(query.get('return_url') ?? answer.return_url ?? '/');
  });
}
