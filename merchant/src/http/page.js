
      // The order came with the page (merchant/src/http/page.rs): page.js goes on with it.
      (function () {
        var first = document.getElementById('cashier-first');
        if (!self.Response || !self.Promise) { return; }
        var answer = new Response(first.textContent, { headers: { 'content-type': 'application/json' } });
        self.wechatCashierEarly = { url: first.getAttribute('data-url'), asked: 0, answer: Promise.resolve(answer) };
      })();
    
