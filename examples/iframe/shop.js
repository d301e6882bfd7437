const frame = document.querySelector('iframe');
// Where the cashier's page lies; on another origin this is its whole address.
const page = new URL('cashier.html', location.href);

page.search = location.search;
frame.src = page.href;

addEventListener('message', (event) => {
  // Anyone can send a message: only the frame's own, from its own origin, counts. And what it says is a reason to ask your
  // backend, not to deliver.
  if (event.source === frame.contentWindow && event.origin === page.origin && event.data && event.data.type === 'cashier-paid') {
    document.getElementById('news').textContent = `Thank you! Order ${event.data.order} is paid.`;
  }
});
