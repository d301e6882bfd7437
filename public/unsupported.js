// For browsers without modules, which have no usable WebAssembly either: says so instead of loading for ever.
// Read by browsers of before 2018: no newer syntax here.
(function () {
  var zh = /^zh/i.test(navigator.language || '');
  var text = document.createElement('p');
  text.setAttribute('role', 'alert');
  text.appendChild(document.createTextNode(zh
    ? '当前浏览器版本过低，无法打开收银台。请更新微信或换用其他浏览器。'
    : 'This browser is too old for the cashier. Please update it, or use another one.'));
  var cashier = document.getElementById('cashier');
  cashier.innerHTML = '';
  cashier.removeAttribute('aria-busy');
  cashier.appendChild(text);
})();
