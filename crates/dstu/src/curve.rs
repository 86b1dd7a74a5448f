//! The ten standard curves of DSTU 4145-2002 (annex Г) over polynomial bases: a name → its numbers and its OID.
#![expect(
    clippy::indexing_slicing,
    reason = "constants, indexed by the enumeration itself or inside loops over their length"
)]

/// A standard curve y² + xy = x³ + ax² + b over GF(2^m), named by m.
///
/// OIDs 1.2.804.2.1.1.1.1.3.1.1.2.0 (m = 163) … .9 (m = 431). Authorities and signers use m = 257, roots m = 431.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the name says all: the degree of the field")]
pub enum Curve {
    M163,
    M167,
    M173,
    M179,
    M191,
    M233,
    M257,
    M307,
    M367,
    M431,
}

/// Machine words of the longest element or scalar: 431 bits.
pub(crate) const WORDS_MAX: usize = 7;
/// Octets of the longest element or scalar.
pub(crate) const OCTETS_MAX: usize = 54;

/// A number of at most 448 bits, least significant word first.
pub(crate) type Words = [u64; WORDS_MAX];

/// The numbers of one curve; x and y of the base point as annex Г prints them.
pub(crate) struct Numbers {
    /// Degree m of the field.
    pub(crate) m: usize,
    /// Middle exponents of the reduction polynomial t^m + … + 1, descending.
    pub(crate) middle: &'static [usize],
    /// The coefficient a, 0 or 1. The cofactor follows: 4 where a = 0, 2 where a = 1 (checked by a test).
    pub(crate) a: bool,
    /// The coefficient b.
    pub(crate) b: Words,
    /// The prime order n of the base point.
    pub(crate) n: Words,
    /// x of the base point.
    pub(crate) gx: Words,
    /// y of the base point.
    pub(crate) gy: Words,
    /// L(n), bits.
    pub(crate) order_bits: usize,
    /// Words of an element.
    pub(crate) words: usize,
    /// Bit i is Tr(t^i).
    pub(crate) trace_mask: Words,
}

impl Numbers {
    /// What annex Г prints: m, middle exponents, a, and b, n, x, y in hexadecimal digits.
    const fn new(m: usize, middle: &'static [usize], a: bool, [b, n, gx, gy]: [&str; 4]) -> Self {
        let n = hex(n);
        let (order_bits, words, trace_mask) = (bit_length(&n), m.div_ceil(64), trace_mask(m, middle));
        Self { m, middle, a, b: hex(b), n, gx: hex(gx), gy: hex(gy), order_bits, words, trace_mask }
    }
}

/// Traces of 1, t, t², …: Tr(t^i) is the sum of the i-th powers of the polynomial's roots, so Newton's identities
/// give it from the coefficients: p(i) = e(1)·p(i−1) + … + e(i−1)·p(1) + i·e(i), here modulo 2.
const fn trace_mask(m: usize, middle: &[usize]) -> Words {
    let mut mask = [0; WORDS_MAX];
    // p(0) = m, which is odd.
    mask[0] = 1;
    let mut i = 1;
    while i < m {
        let mut power_sum = false;
        let mut index = 0;
        while index < middle.len() {
            // The coefficient of t^k is e(m − k).
            let j = m - middle[index];
            if j < i {
                power_sum ^= mask[(i - j) / 64] >> ((i - j) % 64) & 1 == 1;
            } else if j == i {
                power_sum ^= i % 2 == 1;
            }
            index += 1;
        }
        if power_sum {
            mask[i / 64] |= 1 << (i % 64);
        }
        i += 1;
    }
    mask
}

impl Curve {
    /// All ten, in the order of their OIDs.
    pub const ALL: [Self; 10] = [
        Self::M163,
        Self::M167,
        Self::M173,
        Self::M179,
        Self::M191,
        Self::M233,
        Self::M257,
        Self::M307,
        Self::M367,
        Self::M431,
    ];

    /// Degree m of the field GF(2^m), bits.
    #[must_use]
    pub const fn field_bits(self) -> usize {
        self.numbers().m
    }

    /// L(n): length of the base point's order, bits.
    #[must_use]
    pub const fn order_bits(self) -> usize {
        self.numbers().order_bits
    }

    /// Octets of a field element on the wire: m bits, rounded up.
    #[must_use]
    pub const fn element_octets(self) -> usize {
        self.field_bits().div_ceil(8)
    }

    /// Octets of a raw signature: r and s, each L(n) bits rounded up to octets.
    #[must_use]
    pub const fn signature_octets(self) -> usize {
        2 * self.order_bits().div_ceil(8)
    }

    /// The curve's OID as DER value octets (without tag and length).
    #[must_use]
    pub const fn oid(self) -> &'static [u8] {
        &OIDS[self as usize]
    }

    /// The curve with this OID (DER value octets), if it is one of the ten.
    #[must_use]
    pub fn from_oid(oid: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|curve| curve.oid() == oid)
    }

    pub(crate) const fn numbers(self) -> &'static Numbers {
        &NUMBERS[self as usize]
    }
}

/// 1.2.804.2.1.1.1.1.3.1.1.2.x
const OIDS: [[u8; 13]; 10] = {
    let mut oids = [[0x2a, 0x86, 0x24, 2, 1, 1, 1, 1, 3, 1, 1, 2, 0]; 10];
    let mut last = 0u8;
    while last < 10 {
        oids[last as usize][12] = last;
        last += 1;
    }
    oids
};

/// Bits up to the highest one that is set.
pub(crate) const fn bit_length(words: &Words) -> usize {
    let mut index = WORDS_MAX;
    while index > 0 {
        index -= 1;
        if words[index] != 0 {
            return 64 * index + 64 - words[index].leading_zeros() as usize;
        }
    }
    0
}

/// Hexadecimal digits, most significant first → words. For constants only: anything else fails the build.
#[expect(clippy::panic, reason = "computed by the compiler: a wrong digit fails the build")]
const fn hex(digits: &str) -> Words {
    let digits = digits.as_bytes();
    let mut words = [0; WORDS_MAX];
    let mut index = 0;
    while index < digits.len() {
        let digit = digits[digits.len() - 1 - index];
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'A'..=b'F' => digit - b'A' + 10,
            _ => panic!("not an upper-case hexadecimal digit"),
        };
        words[index / 16] |= (value as u64) << (4 * (index % 16));
        index += 1;
    }
    words
}

static NUMBERS: [Numbers; 10] = [
    Numbers::new(
        163,
        &[7, 6, 3],
        true,
        [
            "5FF6108462A2DC8210AB403925E638A19C1455D21",
            "400000000000000000002BEC12BE2262D39BCF14D",
            "2E2F85F5DD74CE983A5C4237229DAF8A3F35823BE",
            "3826F008A8C51D7B95284D9D03FF0E00CE2CD723A",
        ],
    ),
    Numbers::new(
        167,
        &[6],
        true,
        [
            "6EE3CEEB230811759F20518A0930F1A4315A827DAC",
            "3FFFFFFFFFFFFFFFFFFFFFB12EBCC7D7F29FF7701F",
            "7A1F6653786A68192803910A3D30B2A2018B21CD54",
            "5F49EB26781C0EC6B8909156D98ED435E45FD59918",
        ],
    ),
    Numbers::new(
        173,
        &[10, 2, 1],
        false,
        [
            "108576C80499DB2FC16EDDF6853BBB278F6B6FB437D9",
            "800000000000000000000189B4E67606E3825BB2831",
            "4D41A619BCC6EADF0448FA22FAD567A9181D37389CA",
            "10B51CC12849B234C75E6DD2028BF7FF5C1CE0D991A1",
        ],
    ),
    Numbers::new(
        179,
        &[4, 2, 1],
        true,
        [
            "4A6E0856526436F2F88DD07A341E32D04184572BEB710",
            "3FFFFFFFFFFFFFFFFFFFFFFB981960435FE5AB64236EF",
            "6BA06FE51464B2BD26DC57F48819BA9954667022C7D03",
            "25FBC363582DCEC065080CA8287AAFF09788A66DC3A9E",
        ],
    ),
    Numbers::new(
        191,
        &[9],
        true,
        [
            "7BC86E2102902EC4D5890E8B6B4981FF27E0482750FEFC03",
            "40000000000000000000000069A779CAC1DABC6788F7474F",
            "714114B762F2FF4A7912A6D2AC58B9B5C2FCFE76DAEB7129",
            "29C41E568B77C617EFE5902F11DB96FA9613CD8D03DB08DA",
        ],
    ),
    Numbers::new(
        233,
        &[9, 4, 1],
        true,
        [
            "06973B15095675534C7CF7E64A21BD54EF5DD3B8A0326AA936ECE454D2C",
            "1000000000000000000000000000013E974E72F8A6922031D2603CFE0D7",
            "3FCDA526B6CDF83BA1118DF35B3C31761D3545F32728D003EEB25EFE96",
            "9CA8B57A934C54DEEDA9E54A7BBAD95E3B2E91C54D32BE0B9DF96D8D35",
        ],
    ),
    Numbers::new(
        257,
        &[12],
        false,
        [
            "1CEF494720115657E18F938D7A7942394FF9425C1458C57861F9EEA6ADBE3BE10",
            "800000000000000000000000000000006759213AF182E987D3E17714907D470D",
            "02A29EF207D0E9B6C55CD260B306C7E007AC491CA1B10C62334A9E8DCD8D20FB7",
            "10686D41FF744D4449FCCF6D8EEA03102E6812C93A9D60B978B702CF156D814EF",
        ],
    ),
    Numbers::new(
        307,
        &[8, 4, 2],
        true,
        [
            "393C7F7D53666B5054B5E6C6D3DE94F4296C0C599E2E2E241050DF18B6090BDC90186904968BB",
            "3FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC079C2F3825DA70D390FBBA588D4604022B7B7",
            "216EE8B189D291A0224984C1E92F1D16BF75CCD825A087A239B276D3167743C52C02D6E7232AA",
            "5D9306BACD22B7FAEB09D2E049C6E2866C5D1677762A8F2F2DC9A11C7F7BE8340AB2237C7F2A0",
        ],
    ),
    Numbers::new(
        367,
        &[21],
        true,
        [
            "43FC8AD242B0B7A6F3D1627AD5654447556B47BF6AA4A64B0C2AFE42CADAB8F93D92394C79A79755437B56995136",
            "40000000000000000000000000000000000000000000009C300B75A3FA824F22428FD28CE8812245EF44049B2D49",
            "324A6EDDD512F08C49A99AE0D3F961197A76413E7BE81A400CA681E09639B5FE12E59A109F78BF4A373541B3B9A1",
            "1AB597A5B4477F59E39539007C7F977D1A567B92B043A49C6B61984C3FE3481AAF454CD41BA1F051626442B3C10",
        ],
    ),
    Numbers::new(
        431,
        &[5, 3, 1],
        true,
        [
            "03CE10490F6A708FC26DFE8C3D27C4F94E690134D5BFF988D8D28AAEAEDE975936C66BAC536B18AE2DC312CA493117DAA469C640CAF3",
            "3FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFBA3175458009A8C0A724F02F81AA8A1FCBAF80D90C7A95110504CF",
            "1A62BA79D98133A16BBAE7ED9A8E03C32E0824D57AEF72F88986874E5AAE49C27BED49A2A95058068426C2171E99FD3B43C5947C857D",
            "70B5E1E14031C1F70BBEFE96BDDE66F451754B4CA5F48DA241F331AA396B8D1839A855C1769B1EA14BA53308B5E2723724E090E02DB9",
        ],
    ),
];
