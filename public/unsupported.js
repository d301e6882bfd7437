// Says that the page could not start, instead of loading for ever: in browsers that do not read `page.js`, and where it did
// not come. Read by browsers of before 2015: no newer syntax here.
(function () {
  var AGAIN_MS = 30000;
  var isMissing = false;
  var cashier = document.getElementById('cashier');

  // The error of an element does not bubble.
  window.addEventListener('error', function (event) {
    isMissing = isMissing || (event.target && event.target.nodeName === 'SCRIPT');
  }, true);

  // Comes after all scripts of the page have run, or could not.
  window.addEventListener('load', function () {
    if (cashier.getAttribute('data-started') !== null) {
      return;
    }
    var visit = window.performance && performance.navigation;
    if (isMissing && visit && (visit.type === 0 || visit.type === 2)) {
      location.reload(); // an old page out of a cache names files that are gone; once, for then it is a page that was reloaded
      return;
    }
    say();
    if (isMissing && /[?&]surface=counter(&|$)/.test(location.search)) {
      setInterval(reloadIfThere, AGAIN_MS); // nobody presses a button there
    }
  });

  /** A page that loads itself without a network is gone. */
  function reloadIfThere() {
    var request = new XMLHttpRequest();
    request.open('GET', location.href);
    request.onload = function () {
      if (request.status === 200) {
        location.reload();
      }
    };
    request.send();
  }

  function say() {
    var zh = /^zh/i.test(navigator.language || '');
    var text = isMissing
      ? (zh ? '收银台加载失败，请检查网络后重试。' : 'The cashier could not be loaded. Check the connection and try again.')
      : (zh ? '当前浏览器版本过低，无法打开收银台。请更新微信或换用其他浏览器。' : 'This browser is too old for the cashier. Please update it, or use another one.');
    var box = add(document.createElement('div'), 'boot-trouble');
    box.setAttribute('role', 'alert');
    add(box.appendChild(document.createElement('p')), 'boot-text', text);
    if (isMissing) {
      var button = add(box.appendChild(document.createElement('button')), 'boot-reload', zh ? '重新加载' : 'Try again');
      button.type = 'button';
      button.onclick = function () {
        location.reload();
      };
    }
    cashier.innerHTML = '';
    cashier.removeAttribute('aria-busy');
    cashier.appendChild(box);
  }

  function add(element, className, text) {
    element.className = className;
    element.appendChild(document.createTextNode(text || ''));
    return element;
  }
})();
