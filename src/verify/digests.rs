//! The contents that signatures speak of → their digests, each computed once for a letter.
//!
//! Hundreds of signers in hundreds of P7S may all speak of one large document: hashing it for each of them would keep
//! the daemon busy for an hour over one letter.

use super::algorithm::DigestAlgorithm;
use crate::model::Letter;

/// The digests of a letter's attachments, computed when a signature first asks for them.
#[derive(Debug)]
pub(super) struct Digests<'a> {
    letter: &'a Letter,
    sha384: Option<Vec<Vec<u8>>>,
    sha512: Option<Vec<Vec<u8>>>,
}

impl<'a> Digests<'a> {
    pub(super) const fn new(letter: &'a Letter) -> Self {
        Self { letter, sha384: None, sha512: None }
    }

    /// The digest of the attachment at this place; none when there is none.
    pub(super) fn at(&mut self, place: usize, algorithm: DigestAlgorithm) -> Option<&[u8]> {
        let letter = self.letter;
        let digests = match algorithm {
            DigestAlgorithm::Sha256 => {
                return letter.attachments.get(place).map(|attachment| attachment.digest.0.as_slice());
            }
            DigestAlgorithm::Sha384 => &mut self.sha384,
            DigestAlgorithm::Sha512 => &mut self.sha512,
        };
        let digests = digests.get_or_insert_with(|| {
            letter.attachments.iter().map(|attachment| algorithm.digest(&attachment.bytes)).collect()
        });
        digests.get(place).map(Vec::as_slice)
    }

    /// Places of the attachments that have this digest.
    pub(super) fn places(&mut self, algorithm: DigestAlgorithm, wanted: &[u8]) -> Vec<usize> {
        let all = 0..self.letter.attachments.len();
        all.filter(|place| self.at(*place, algorithm) == Some(wanted)).collect()
    }
}

/// What the signers of one P7S are judged against.
#[derive(Debug)]
pub(super) enum Content<'a> {
    /// The content inside, with the digests that its signers have asked for.
    Inside(&'a [u8], Vec<(DigestAlgorithm, Vec<u8>)>),
    /// An attachment of the letter.
    Beside(usize),
    /// Nothing in the letter.
    Missing,
}

impl<'a> Content<'a> {
    pub(super) const fn inside(bytes: &'a [u8]) -> Self {
        Self::Inside(bytes, Vec::new())
    }

    /// Whether the content has this digest; none when there is no content.
    pub(super) fn has(
        &mut self,
        algorithm: DigestAlgorithm,
        wanted: &[u8],
        digests: &mut Digests<'_>,
    ) -> Option<bool> {
        match self {
            Self::Inside(bytes, known) => {
                if let Some((_, digest)) = known.iter().find(|(known, _)| *known == algorithm) {
                    return Some(digest == wanted);
                }
                let digest = algorithm.digest(bytes);
                let is_it = digest == wanted;
                known.push((algorithm, digest));
                Some(is_it)
            }
            Self::Beside(place) => digests.at(*place, algorithm).map(|digest| digest == wanted),
            Self::Missing => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::testing::letter;

    const ALL: [DigestAlgorithm; 3] =
        [DigestAlgorithm::Sha256, DigestAlgorithm::Sha384, DigestAlgorithm::Sha512];

    #[test]
    fn every_digest_is_that_of_the_bytes_wherever_they_are() {
        let letter = letter(&[("a", b"one"), ("b", b"two"), ("c", b"one")]);
        let mut digests = Digests::new(&letter);
        for algorithm in ALL {
            let (one, two) = (algorithm.digest(b"one"), algorithm.digest(b"two"));
            assert_eq!(digests.at(1, algorithm), Some(two.as_slice()));
            assert_eq!(digests.at(3, algorithm), None);
            assert_eq!(digests.places(algorithm, &one), [0, 2]);
            for mut content in [Content::Beside(0), Content::inside(b"one")] {
                assert_eq!(content.has(algorithm, &one, &mut digests), Some(true));
                assert_eq!(content.has(algorithm, &two, &mut digests), Some(false));
            }
            assert_eq!(Content::Missing.has(algorithm, &one, &mut digests), None);
            assert_eq!(Content::Beside(9).has(algorithm, &one, &mut digests), None);
        }
    }

    #[test]
    fn no_content_is_hashed_twice_with_one_algorithm() {
        let letter = letter(&[("a", b"one")]);
        let mut digests = Digests::new(&letter);
        let mut inside = Content::inside(b"one");
        for algorithm in ALL.into_iter().chain(ALL) {
            let first = digests.at(0, algorithm).unwrap().as_ptr();
            assert_eq!(digests.at(0, algorithm).unwrap().as_ptr(), first);
            inside.has(algorithm, b"", &mut digests);
        }
        assert!(matches!(inside, Content::Inside(_, known) if known.len() == ALL.len()));
    }
}
