// The consent screen of WeChat's OAuth. Allowed, the same address is asked for again with `allow=1`, and answers with the way back.

const element = (id) => document.getElementById(id);

fetch('/wechat/phone').then((response) => response.json())
  .then(({ account }) => (element('account').textContent = account)).catch(() => {});

element('allow').addEventListener('click', () => {
  element('allow').disabled = true;
  const url = new URL(location.href);
  url.searchParams.set('allow', '1');
  location.replace(url.href);
});

// WeChat closes the page.
element('refuse').addEventListener('click', () => location.replace('about:blank'));
