// A barcode scanner is a keyboard: the digits come faster than anyone types, then Enter.

const channel = new MessageChannel();
const waiting = [];
channel.port1.onmessage = () => waiting.shift()();
/** A turn of the event loop, so that the page takes in one key before the next. */
const turn = () => new Promise((resume) => {
  waiting.push(resume);
  channel.port2.postMessage(0);
});

/** Types into what has the focus in that window. Whether anything took the keys. */
export async function scanInto(page, digits) {
  const first = focusOf(page);
  for (const digit of digits) {
    const field = focusOf(page);
    if (press(page, field, digit, `Digit${digit}`)) write(page, field, digit);
    release(page, field, digit, `Digit${digit}`);
    await turn();
  }
  const field = focusOf(page);
  // Enter in a field sends its form, as a browser does.
  if (press(page, field, 'Enter', 'Enter') && field.form) field.form.requestSubmit();
  release(page, field, 'Enter', 'Enter');
  return first !== page.document.body;
}

/** What has the focus, also inside components. */
function focusOf(page) {
  let element = page.document.activeElement ?? page.document.body;
  while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

function key(page, type, name, code) {
  return new page.KeyboardEvent(type, { key: name, code, bubbles: true, cancelable: true, composed: true });
}

function press(page, field, name, code) {
  return field.dispatchEvent(key(page, 'keydown', name, code)) && field.dispatchEvent(key(page, 'keypress', name, code));
}

function release(page, field, name, code) {
  field.dispatchEvent(key(page, 'keyup', name, code));
}

function write(page, field, digit) {
  if (!(field instanceof page.HTMLInputElement) || field.readOnly || field.disabled) return;
  const init = { bubbles: true, cancelable: true, composed: true, data: digit, inputType: 'insertText' };
  if (!field.dispatchEvent(new page.InputEvent('beforeinput', init))) return;
  if (field.maxLength >= 0 && field.value.length >= field.maxLength) return;
  field.value += digit;
  field.dispatchEvent(new page.InputEvent('input', { ...init, cancelable: false }));
}
