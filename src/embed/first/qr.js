// The QR of the first picture (ISO/IEC 18004): error correction M, all of it as bytes, as `src/view/qr.rs` makes it. A test
// holds the two together, module by module, with every mask: the program takes over what is drawn here.

/** Of each block so many bytes are error correction, from version 1 on (table 9); longer contents are not drawn. */
const CHECK = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26];
/** Into so many blocks the data is divided (table 9). */
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13];
/** The light border, in modules. */
const QUIET = 4;
/** By which modules are inverted, the first that is best (7.8.2). `p` is the product, `s` the sum of column and row. */
const MASKS = [
  (x, y, p, s) => s % 2,
  (x, y) => y % 2,
  (x) => x % 3,
  (x, y, p, s) => s % 3,
  (x, y) => ((y >> 1) + Math.floor(x / 3)) % 2,
  (x, y, p) => (p % 2) + (p % 3),
  (x, y, p) => ((p % 2) + (p % 3)) % 2,
  (x, y, p, s) => ((s % 2) + (p % 3)) % 2,
];

/** The dark modules of a text's QR as a path, and how long its side is, in modules. Nothing where it is too long. */
export function qr(text) {
  const bytes = new TextEncoder().encode(text);
  for (let version = 1; version <= CHECK.length; version += 1) {
    const room = capacity(version) - CHECK[version - 1] * BLOCKS[version - 1];
    if (bytes.length + (version < 10 ? 2 : 3) <= room) {
      return drawn(best(version, codewords(bytes, version, room)), 17 + 4 * version);
    }
  }
  return undefined;
}

/** All bytes that a version holds (7.1). */
function capacity(version) {
  const marks = Math.floor(version / 7) + 2;
  const aligned = version < 2 ? 0 : (25 * marks - 10) * marks - 55 + (version < 7 ? 0 : 36);
  return ((16 * version + 128) * version + 64 - aligned) >> 3;
}

/** The data and its error correction as they are drawn: of each block the first byte, then of each the second (7.4 to 7.6). */
function codewords(bytes, version, room) {
  const half = [4, ...(version < 10 ? [] : [bytes.length >> 12, (bytes.length >> 8) & 15]), (bytes.length >> 4) & 15, bytes.length & 15];
  bytes.forEach((byte) => half.push(byte >> 4, byte & 15));
  half.push(0);
  const data = [];
  for (let index = 0; index < half.length; index += 2) {
    data.push((half[index] << 4) | half[index + 1]);
  }
  for (let filler = 236; data.length < room; filler ^= 253) {
    data.push(filler);
  }
  const length = CHECK[version - 1];
  const count = BLOCKS[version - 1];
  const divisor = generator(length);
  const blocks = [];
  for (let index = 0, from = 0; index < count; index += 1) {
    // The last blocks are longer by one.
    const to = from + Math.floor(room / count) + (index >= count - (room % count) ? 1 : 0);
    blocks.push(data.slice(from, to));
    from = to;
  }
  const taken = (lists, longest) => [].concat(...Array.from({ length: longest }, (_, index) => lists.map((list) => list[index])));
  const checks = blocks.map((block) => remainder(block, divisor));
  return [...taken(blocks, Math.ceil(room / count)).filter((byte) => byte >= 0), ...taken(checks, length)];
}

/** Powers of 2 in the field of 256 elements modulo x^8 + x^4 + x^3 + x^2 + 1, and of which power each element is. */
const POWERS = [];
const LOGARITHMS = [];
for (let power = 0, value = 1; power < 255; power += 1, value = (value << 1) ^ ((value >> 7) * 0x11d)) {
  POWERS[power] = value;
  LOGARITHMS[value] = power;
}

const product = (a, b) => (a && b ? POWERS[(LOGARITHMS[a] + LOGARITHMS[b]) % 255] : 0);

/** The product of x + 2^0, x + 2^1, … up to so many, from the second highest power down; of each the power of 2 that it is. */
function generator(length) {
  const made = Array(length).fill(0);
  made[length - 1] = 1;
  for (let count = 0; count < length; count += 1) {
    for (let index = 0; index < length; index += 1) {
      made[index] = product(made[index], POWERS[count]) ^ (made[index + 1] || 0);
    }
  }
  return made.map((value) => LOGARITHMS[value]);
}

function remainder(block, divisor) {
  const left = block.concat(divisor.map(() => 0));
  for (let at = 0; at < block.length; at += 1) {
    const power = LOGARITHMS[left[at]];
    for (let index = 0; power >= 0 && index < divisor.length; index += 1) {
      left[at + 1 + index] ^= POWERS[(power + divisor[index]) % 255];
    }
  }
  return left.slice(block.length);
}

/** The modules, row by row, under the best mask. */
function best(version, words) {
  const side = 17 + 4 * version;
  const plain = new Uint8Array(side * side);
  // What no mask inverts.
  const fixed = new Uint8Array(side * side);
  const put = (x, y, dark) => {
    plain[y * side + x] = dark;
    fixed[y * side + x] = 1;
  };
  const square = (left, top, size, isDark) => {
    for (let y = Math.max(top, 0); y < Math.min(top + size, side); y += 1) {
      for (let x = Math.max(left, 0); x < Math.min(left + size, side); x += 1) {
        put(x, y, isDark(Math.max(Math.abs(x - left - (size >> 1)), Math.abs(y - top - (size >> 1)))) ? 1 : 0);
      }
    }
  };
  for (let at = 0; at < side; at += 1) {
    put(at, 6, 1 - (at % 2));
    put(6, at, 1 - (at % 2));
  }
  // Finder patterns with what separates them, and room for the format.
  [[-1, -1], [side - 8, -1], [-1, side - 8]].forEach(([x, y]) => square(x, y, 9, (far) => far !== 2 && far !== 4));
  for (let at = 0; at < 9; at += 1) {
    [[8, at], [at, 8]].forEach(([x, y]) => fixed[y * side + x] || put(x, y, 0));
    if (at < 8) {
      put(8, side - 1 - at, 0);
      put(side - 1 - at, 8, 0);
    }
  }
  const marks = version < 2 ? 0 : Math.floor(version / 7) + 2;
  const step = Math.ceil((side - 13) / (marks * 2 - 2)) * 2;
  const place = (index) => (index ? side - 7 - (marks - 1 - index) * step : 6);
  for (let row = 0; row < marks; row += 1) {
    for (let column = 0; column < marks; column += 1) {
      if ((row || (column && column < marks - 1)) && (column || row < marks - 1)) {
        square(place(column) - 2, place(row) - 2, 5, (far) => far !== 1);
      }
    }
  }
  if (version > 6) {
    const bits = checked(version, 12, 0x1f25);
    for (let bit = 0; bit < 18; bit += 1) {
      const [x, y] = [side - 11 + (bit % 3), Math.floor(bit / 3)];
      put(x, y, (bits >> bit) & 1);
      put(y, x, (bits >> bit) & 1);
    }
  }
  fill(plain, fixed, side, words);
  let least = Infinity;
  let chosen;
  MASKS.forEach((mask, number) => {
    const modules = plain.slice();
    for (let y = 0, at = 0; y < side; y += 1) {
      for (let x = 0; x < side; x += 1, at += 1) {
        if (!fixed[at] && !mask(x, y, x * y, x + y)) {
          modules[at] ^= 1;
        }
      }
    }
    format(modules, side, checked(number, 10, 0x537) ^ 0x5412);
    const points = penalty(modules, side, least);
    if (points < least) {
      least = points;
      chosen = modules;
    }
  });
  return chosen;
}

/** A number with its error correction of so many bits (7.9, 7.10). */
function checked(number, bits, divisor) {
  let rest = number;
  for (let bit = 0; bit < bits; bit += 1) {
    rest = (rest << 1) ^ ((rest >> (bits - 1)) * divisor);
  }
  return (number << bits) | rest;
}

/** The data, in columns of two from the right, up and down in turn (7.7.3). */
function fill(modules, fixed, side, words) {
  let bit = 0;
  for (let right = side - 1, up = true; right > 0; right -= 2, up = !up) {
    right -= right === 6 ? 1 : 0;
    for (let row = 0; row < side; row += 1) {
      const y = up ? side - 1 - row : row;
      for (let at = y * side + right, end = at - 2; at > end; at -= 1) {
        if (!fixed[at]) {
          modules[at] = (words[bit >> 3] >> (7 - (bit & 7))) & 1;
          bit += 1;
        }
      }
    }
  }
}

/** Which correction and which mask, twice (7.9). */
function format(modules, side, bits) {
  for (let bit = 0; bit < 15; bit += 1) {
    const dark = (bits >> bit) & 1;
    const near = bit < 6 ? bit : bit < 8 ? bit + 1 : bit === 8 ? 7 : 14 - bit;
    modules[bit < 8 ? near * side + 8 : 8 * side + near] = dark;
    modules[bit < 8 ? 8 * side + side - 1 - bit : (side - 15 + bit) * side + 8] = dark;
  }
  modules[(side - 8) * side + 8] = 1;
}

/**
 * How hard to read it is (7.8.3), counted as `qrcode` counts: rows, columns, blocks, look-alikes of finders, balance. No
 * further than to `most`, where it is not the best any more.
 */
function penalty(modules, side, most) {
  let points = 0;
  let dark = 0;
  for (const [along, across] of [[1, side], [side, 1]]) {
    for (let line = 0; line < side && points < most; line += 1) {
      let run = 0;
      let last = 2;
      let seen = 0; // the last fifteen modules; around the code it is light
      for (let at = 0, from = line * across; at < side + 4; at += 1, from += along) {
        const here = at < side ? modules[from] : 0;
        if (at < side) {
          run = here === last ? run + 1 : 1;
          points += run === 5 ? 3 : run > 5 ? 1 : 0;
          last = here;
        }
        seen = ((seen << 1) | here) & 0x7fff;
        if (((seen >> 4) & 127) === 93 && (seen < 0x800 || !(seen & 15))) {
          points += 40;
        }
      }
    }
  }
  for (let at = 0; at < modules.length && points < most; at += 1) {
    dark += modules[at];
    const sum = modules[at] + modules[at + 1] + modules[at + side] + modules[at + side + 1];
    points += (at + 1) % side && (sum === 0 || sum === 4) ? 3 : 0;
  }
  return points < most ? points + Math.abs(Math.floor((dark * 200) / modules.length) - 100) : points;
}

/** A rectangle for each run of dark modules in a row. */
function drawn(modules, side) {
  let path = '';
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const from = x;
      while (x < side && modules[y * side + x]) {
        x += 1;
      }
      if (x > from) {
        path += `M${from + QUIET} ${y + QUIET}h${x - from}v1h-${x - from}z`;
      }
    }
  }
  return { path, side: side + 2 * QUIET };
}
