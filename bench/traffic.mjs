// What of a visit came over the wire by when, as the browser's network stack tells: headers and bodies as they were sent, without
// what TLS and TCP put around them.

export class Traffic {
  #asked = [];
  #came = [];
  /** What has come of each request so far, for its end tells the whole. */
  #soFar = new Map();
  /** Network events have the time since the machine started; requests have both. */
  #toWall;

  constructor(cdp) {
    cdp.on('Network.requestWillBeSent', ({ request, timestamp, wallTime }) => {
      this.#toWall ??= (wallTime - timestamp) * 1000;
      if (/^https?:/.test(request.url)) {
        this.#asked.push(timestamp);
      }
    });
    cdp.on('Network.responseReceived', ({ requestId, response, timestamp }) => this.#add(requestId, response.encodedDataLength, timestamp));
    cdp.on('Network.dataReceived', ({ requestId, encodedDataLength, timestamp }) => this.#add(requestId, encodedDataLength, timestamp));
    cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength, timestamp }) => {
      this.#add(requestId, encodedDataLength - (this.#soFar.get(requestId) ?? 0), timestamp);
    });
  }

  #add(id, bytes, timestamp) {
    this.#soFar.set(id, (this.#soFar.get(id) ?? 0) + bytes);
    this.#came.push([timestamp, bytes]);
  }

  /** `bytes` and `requests` until a moment, in milliseconds since 1970. */
  until(moment) {
    const isBefore = (timestamp) => timestamp * 1000 + this.#toWall <= moment;
    return {
      bytes: this.#came.filter(([timestamp]) => isBefore(timestamp)).reduce((total, [, bytes]) => total + bytes, 0),
      requests: this.#asked.filter(isBefore).length,
    };
  }
}
