//! A slow twin, read straight off the standard: numbers as octets with the least significant first, one word, one octet,
//! one nibble at a time.

use dstu::gost34311::Dke;

type Number = [u8; 32];

const C3: Number = {
    // 5.1: 1⁸0⁸1¹⁶0²⁴1¹⁶0⁸(0⁸1⁸)²1⁸0⁸(0⁸1⁸)⁴(1⁸0⁸)⁴, written from the most significant bit; here runs of octets.
    let runs: [(u8, usize); 27] = [
        (1, 1),
        (0, 1),
        (1, 2),
        (0, 3),
        (1, 2),
        (0, 1), //
        (0, 1),
        (1, 1),
        (0, 1),
        (1, 1), //
        (1, 1),
        (0, 1), //
        (0, 1),
        (1, 1),
        (0, 1),
        (1, 1),
        (0, 1),
        (1, 1),
        (0, 1),
        (1, 1), //
        (1, 1),
        (0, 1),
        (1, 1),
        (0, 1),
        (1, 1),
        (0, 1),
        (1, 1),
    ];
    let mut number = [0; 32];
    let (mut at, mut run) = (32, 0);
    while run < runs.len() {
        let mut i = 0;
        while i < runs[run].1 {
            at -= 1;
            number[at] = runs[run].0 * 0xFF;
            i += 1;
        }
        run += 1;
    }
    // The last zero octet.
    assert!(at == 1);
    number
};

/// The digest by the standard's section 6.
pub(crate) fn digest(dke: &Dke, message: &[u8]) -> Number {
    let rows = rows(dke);
    let (mut h, mut sum, mut length) = ([0; 32], [0; 32], 0_u64);
    for part in message.chunks(32) {
        let mut m = [0; 32];
        m[..part.len()].copy_from_slice(part);
        h = step(&rows, &h, &m);
        sum = add(&sum, &m);
        length += 8 * u64::try_from(part.len()).unwrap();
    }
    let mut l = [0; 32];
    l[..8].copy_from_slice(&length.to_le_bytes());
    h = step(&rows, &h, &l);
    step(&rows, &h, &sum)
}

fn rows(dke: &Dke) -> [[u8; 16]; 8] {
    let packed = dke.to_packed();
    let mut rows = [[0; 16]; 8];
    for (row, octets) in rows.iter_mut().zip(packed.chunks(8)) {
        for (i, octet) in octets.iter().enumerate() {
            row[2 * i] = octet / 16;
            row[2 * i + 1] = octet % 16;
        }
    }
    rows
}

fn add(a: &Number, b: &Number) -> Number {
    let mut carry = 0;
    core::array::from_fn(|i| {
        let total = u16::from(a[i]) + u16::from(b[i]) + carry;
        carry = total / 256;
        u8::try_from(total % 256).unwrap()
    })
}

fn xor(a: &Number, b: &Number) -> Number {
    core::array::from_fn(|i| a[i] ^ b[i])
}

fn step(rows: &[[u8; 16]; 8], h: &Number, m: &Number) -> Number {
    let (mut u, mut v) = (*h, *m);
    let mut s = [0; 32];
    for j in 0..4 {
        if j > 0 {
            u = a(&u);
            if j == 2 {
                u = xor(&u, &C3);
            }
            v = a(&a(&v));
        }
        let key = p(&xor(&u, &v));
        s[8 * j..8 * j + 8].copy_from_slice(&encrypt(rows, &key, &h[8 * j..8 * j + 8]));
    }
    for _ in 0..12 {
        s = psi(&s);
    }
    s = psi(&xor(&s, m));
    s = xor(&s, h);
    for _ in 0..61 {
        s = psi(&s);
    }
    s
}

fn a(y: &Number) -> Number {
    core::array::from_fn(|i| if i < 24 { y[i + 8] } else { y[i - 24] ^ y[i - 16] })
}

fn p(y: &Number) -> Number {
    let mut key = [0; 32];
    for i in 0..4 {
        for k in 1..=8 {
            key[i + 1 + 4 * (k - 1) - 1] = y[8 * i + k - 1];
        }
    }
    key
}

fn psi(y: &Number) -> Number {
    let mut next = [0; 32];
    next[..30].copy_from_slice(&y[2..]);
    for word in [1, 2, 3, 4, 13, 16] {
        next[30] ^= y[2 * word - 2];
        next[31] ^= y[2 * word - 1];
    }
    next
}

fn encrypt(rows: &[[u8; 16]; 8], key: &Number, block: &[u8]) -> [u8; 8] {
    let word = |octets: &[u8]| u32::from_le_bytes(octets.try_into().unwrap());
    let (mut n1, mut n2) = (word(&block[..4]), word(&block[4..]));
    for round in 0..32 {
        let k = if round < 24 { round % 8 } else { 31 - round };
        let sum = n1.wrapping_add(word(&key[4 * k..4 * k + 4]));
        let mut y = 0;
        for (i, row) in rows.iter().enumerate() {
            y |= u32::from(row[usize::try_from(sum >> (4 * i) & 15).unwrap()]) << (4 * i);
        }
        (n1, n2) = (n2 ^ y.rotate_left(11), n1);
    }
    // After the last round the halves stay in place.
    let mut s = [0; 8];
    s[..4].copy_from_slice(&n2.to_le_bytes());
    s[4..].copy_from_slice(&n1.to_le_bytes());
    s
}
