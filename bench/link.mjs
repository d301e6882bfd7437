// A slow link, as arithmetic: what leaves when, and when it arrives. What carries real bytes by it is `slow.mjs`.
//
// Modelled: one bottleneck for each direction, which all connections share, first come first served; half the round trip for
// every byte each way; a connection's set-up, one round trip before its first byte; TCP's slow start from ten segments (RFC 6928),
// doubling with what is acknowledged; 52 bytes of TCP and IP headers around each segment of 1,448; and that a server's system takes
// two windows of bytes from it and no more, as Linux does, so that the server can still choose what of the rest goes first. Not
// modelled: loss, and what follows from it (a window never shrinks), acknowledgements' own bytes, name resolution, radio states.

/** A full segment's payload where the path takes 1,500 bytes and TCP has its time stamps. */
export const SEGMENT = 1_448;
const HEADERS = 52;
/** What may be under way before the first acknowledgement. */
export const FIRST_WINDOW = 10 * SEGMENT;

/** The bottleneck in one direction. */
export class Lane {
  #free = 0;

  constructor(bitsPerSecond) {
    this.bytesPerMs = bitsPerSecond / 8_000;
  }

  /** When the last of so many bytes has left, of a segment that is there from `moment` on. */
  leaves(bytes, moment) {
    this.#free = Math.max(this.#free, moment) + (bytes + HEADERS) / this.bytesPerMs;
    return this.#free;
  }
}

/** One direction of one connection. */
export class Flow {
  #waiting = [];
  /** Bytes that have not been acknowledged, sent or not. */
  #held = 0;
  #untaken = [];
  #window = FIRST_WINDOW;
  #flying = 0;

  /** `opens`: the moment from which bytes may leave. `deliver` is called with each piece when it arrives, in order. */
  constructor({ clock, lane, roundTripMs, opens = 0, deliver }) {
    Object.assign(this, { clock, lane, oneWayMs: roundTripMs / 2, opens, deliver });
  }

  /** Takes bytes (anything with `length` and `subarray`). `taken` is called when there is room for more. */
  push(bytes, taken = () => {}) {
    this.#waiting.push(bytes);
    this.#held += bytes.length;
    this.#untaken.push(taken);
    this.#send();
    this.#makeRoom();
  }

  /** What comes after the last byte: takes the same way, and needs no room. */
  end(act) {
    this.#waiting.push({ length: 0, act });
    this.#send();
  }

  #send() {
    while (this.#waiting.length > 0) {
      const size = Math.min(this.#waiting[0].length, SEGMENT);
      if (size > 0 && this.#flying > 0 && this.#flying + size > this.#window) {
        return;
      }
      const piece = this.#take(size);
      this.#flying += size;
      const arrives = this.lane.leaves(size, Math.max(this.clock.now(), this.opens)) + this.oneWayMs;
      this.clock.at(arrives, () => (piece.act ? piece.act() : this.deliver(piece)));
      this.clock.at(arrives + this.oneWayMs, () => this.#acknowledged(size));
    }
  }

  #take(size) {
    const [first] = this.#waiting;
    if (first.length === size) {
      return this.#waiting.shift();
    }
    this.#waiting[0] = first.subarray(size);
    return first.subarray(0, size);
  }

  /** The window grows only while it is what holds bytes back, as in Linux. */
  #acknowledged(size) {
    this.#flying -= size;
    this.#held -= size;
    if (this.#waiting.length > 0) {
      this.#window += size;
    }
    this.#send();
    this.#makeRoom();
  }

  #makeRoom() {
    while (this.#untaken.length > 0 && this.#held < 2 * this.#window) {
      this.#untaken.shift()();
    }
  }
}
