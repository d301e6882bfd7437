//! The error correction of a QR (ISO/IEC 18004, 7.5 and 7.6), of level M.
//!
//! `qrcode` brings tables for all levels and for Micro QR along, 3 KB of the download; here the polynomials are computed.
//! What comes of it is held against what `qrcode` makes, for every version.

/// So many bytes of error correction each block has, from version 1 on (ISO/IEC 18004, table 9).
const CHECK_LEN: [u8; 40] = [
    10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28, 28, 28, 28, 28,
    28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
];

/// Into so many blocks the data is divided, from version 1 on (ISO/IEC 18004, table 9).
const BLOCKS: [u8; 40] = [
    1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33,
    35, 37, 38, 40, 43, 45, 47, 49,
];

/// The data and its error correction, as they are drawn: of each block the first byte, then of each the second.
pub(super) fn interleaved(data: &[u8], version: usize) -> (Vec<u8>, Vec<u8>) {
    let (count, check_len) = (usize::from(BLOCKS[version - 1]), usize::from(CHECK_LEN[version - 1]));
    let generator = generator(check_len);
    let (short, longer) = (data.len() / count, data.len() % count);
    let mut rest = data;
    let mut blocks = Vec::with_capacity(count);
    for index in 0..count {
        // The last blocks are longer by one.
        let (block, behind) = rest.split_at(short + usize::from(index >= count - longer));
        blocks.push((block, remainder(block, &generator)));
        rest = behind;
    }
    let mut drawn = (Vec::with_capacity(data.len()), Vec::with_capacity(count * check_len));
    for index in 0..=short {
        drawn.0.extend(blocks.iter().filter_map(|(block, _)| block.get(index)));
    }
    for index in 0..check_len {
        drawn.1.extend(blocks.iter().filter_map(|(_, check)| check.get(index)));
    }
    drawn
}

/// The product of x + 2^0, x + 2^1, … up to so many, from the second highest power down.
fn generator(len: usize) -> Vec<u8> {
    let mut generator = vec![0; len];
    generator[len - 1] = 1;
    let mut root = 1;
    for _ in 0..len {
        for index in 0..len {
            let next = generator.get(index + 1).copied().unwrap_or(0);
            generator[index] = product(generator[index], root) ^ next;
        }
        root = product(root, 2);
    }
    generator
}

/// What is left of the block, as a polynomial, divided by the generator.
fn remainder(block: &[u8], generator: &[u8]) -> Vec<u8> {
    let mut left = vec![0; generator.len()];
    for byte in block {
        let factor = byte ^ left[0];
        left.rotate_left(1);
        left[generator.len() - 1] = 0;
        for (left, coefficient) in left.iter_mut().zip(generator) {
            *left ^= product(*coefficient, factor);
        }
    }
    left
}

/// In the field of 256 elements modulo x^8 + x^4 + x^3 + x^2 + 1.
fn product(a: u8, b: u8) -> u8 {
    let mut product: u8 = 0;
    for bit in (0..8).rev() {
        product = (product << 1) ^ if product >= 0x80 { 0x1d } else { 0 };
        product ^= if b >> bit & 1 == 1 { a } else { 0 };
    }
    product
}

#[cfg(test)]
mod tests {
    use qrcode::bits::Bits;
    use qrcode::{EcLevel, Version, ec};

    #[test]
    fn it_is_what_qrcode_makes_in_every_version() {
        for version in 1..=40 {
            let mut bits = Bits::new(Version::Normal(version));
            bits.push_byte_data(b"weixin://wxp").expect("it fits");
            bits.push_terminator(EcLevel::M).expect("it fits");
            let mut data = bits.into_bytes();
            for (index, byte) in data.iter_mut().enumerate().skip(14) {
                *byte = u8::try_from(index * 37 % 251).expect("below 251");
            }
            let theirs = ec::construct_codewords(&data, Version::Normal(version), EcLevel::M).expect("a version");
            assert_eq!(super::interleaved(&data, usize::try_from(version).expect("at most 40")), theirs, "{version}");
        }
    }
}
