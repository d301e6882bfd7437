// A receiver of the backend's webhooks with nothing but Node.js: it verifies each, does each once, and answers at once.
//
//   WEBHOOK_SECRET=whsec_… PORT=3000 node receiver.mjs

import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const TOLERANCE_S = 5 * 60;
const BODY_BYTES_MAX = 64 * 1024;

const secret = Buffer.from((process.env.WEBHOOK_SECRET ?? '').replace(/^whsec_/, ''), 'base64');
if (secret.length < 24) {
  throw new Error('WEBHOOK_SECRET: expected the secret of the backend, whsec_…');
}

// A shop has these in its database, and writes one in the transaction of what it does.
const seen = new Set();

/** What the shop does. Better than to believe the message: read the order from the backend, by its id. */
function happened({ type, data }) {
  console.log(`${type} ${data.order_id ?? ''}`.trim());
}

/** Whether the backend has sent it, as it is, within the last minutes. `body` is the bytes as they came. */
function isGenuine(headers, body) {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
  if (!id || !timestamp || !signatures) {
    return false;
  }
  // What is no number is not within the tolerance either.
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) <= TOLERANCE_S)) {
    return false;
  }
  const expected = createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(body).digest();
  // While the secret is changed there is one signature for each.
  return signatures.split(' ').some((signature) => {
    const [version, text] = signature.split(',');
    const given = Buffer.from(text ?? '', 'base64');
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
}

async function received(request) {
  if (request.method !== 'POST') {
    return 405;
  }
  const parts = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += part.length;
    if (bytes > BODY_BYTES_MAX) {
      return 413;
    }
    parts.push(part);
  }
  const body = Buffer.concat(parts);
  if (!isGenuine(request.headers, body)) {
    return 401;
  }
  const id = request.headers['webhook-id'];
  if (!seen.has(id)) {
    happened(JSON.parse(body.toString()));
    seen.add(id);
  }
  return 204;
}

const server = createServer((request, response) => {
  received(request).then(
    (status) => response.writeHead(status).end(),
    // Whatever failed, the backend sends it again.
    (error) => {
      console.error(error);
      response.writeHead(500).end();
    },
  );
});
server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
