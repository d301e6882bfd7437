// What the phone's and the till's pages have in common: calls of the sandbox, and a word to whoever sits in front of them.

/** Throws what the sandbox says when it refuses. */
export async function call(method, path, body) {
  const init = { method };
  if (body !== undefined) Object.assign(init, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const response = await fetch(path, init);
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  const answer = isJson && text ? JSON.parse(text) : text;
  if (!response.ok) throw new Error(answer.error ?? answer.detail ?? answer.text ?? `${response.status} ${text}`);
  return answer;
}

let timer = 0;
/** Needs an element with the id `toast`. */
export function toast(text) {
  const shown = document.getElementById('toast');
  shown.textContent = text;
  shown.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => (shown.hidden = true), 5000);
}

/** The time as a phone shows it. */
export const clockTime = () => new Date().toLocaleTimeString('zh-CN', { hour: 'numeric', minute: '2-digit', hour12: false });
