//! The contents that signatures speak of → their digests, each computed once for a letter or a file.
//!
//! Hundreds of signers in hundreds of P7S may all speak of one large document: hashing it for each of them would keep
//! the daemon busy for an hour over one letter.

use super::algorithm::DigestAlgorithm;
use crate::model::{Digest, Letter};

/// The digests of contents that stand beside a P7S, each computed when a signature first asks for it.
#[derive(Debug)]
pub(super) struct Digests<'a> {
    /// Bytes and their SHA-256.
    contents: Vec<(&'a [u8], Digest)>,
    sha384: Option<Vec<Vec<u8>>>,
    sha512: Option<Vec<Vec<u8>>>,
}

impl<'a> Digests<'a> {
    /// Of a letter's attachments, in their places.
    pub(super) fn of_letter(letter: &'a Letter) -> Self {
        let contents = letter.attachments.iter();
        Self::of(contents.map(|attachment| (attachment.bytes.as_slice(), attachment.digest)).collect())
    }

    /// Of these bytes, whose SHA-256 is known.
    pub(super) const fn of(contents: Vec<(&'a [u8], Digest)>) -> Self {
        Self { contents, sha384: None, sha512: None }
    }

    /// The digest of the content at this place; none when there is none.
    pub(super) fn at(&mut self, place: usize, algorithm: DigestAlgorithm) -> Option<&[u8]> {
        let digests = match algorithm {
            DigestAlgorithm::Sha256 => {
                return self.contents.get(place).map(|(_, digest)| digest.0.as_slice());
            }
            DigestAlgorithm::Sha384 => &mut self.sha384,
            DigestAlgorithm::Sha512 => &mut self.sha512,
        };
        let all = self.contents.iter();
        let digests = digests.get_or_insert_with(|| all.map(|(bytes, _)| algorithm.digest(bytes)).collect());
        digests.get(place).map(Vec::as_slice)
    }

    /// Places of the contents that have this digest.
    pub(super) fn places(&mut self, algorithm: DigestAlgorithm, wanted: &[u8]) -> Vec<usize> {
        let all = 0..self.contents.len();
        all.filter(|place| self.at(*place, algorithm) == Some(wanted)).collect()
    }
}

/// What the signers of one P7S are judged against.
#[derive(Debug)]
pub(super) enum Content<'a> {
    /// The content inside, with the digests that its signers have asked for.
    Inside(&'a [u8], Vec<(DigestAlgorithm, Vec<u8>)>),
    /// The content at this place of [`Digests`].
    Beside(usize),
    /// Nothing.
    Missing,
}

impl<'a> Content<'a> {
    /// The content inside, whose SHA-256 is known.
    pub(super) fn inside(bytes: &'a [u8], sha256: &Digest) -> Self {
        Self::Inside(bytes, vec![(DigestAlgorithm::Sha256, sha256.0.to_vec())])
    }

    /// The content inside.
    pub(super) const fn inside_unknown(bytes: &'a [u8]) -> Self {
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
        let mut digests = Digests::of_letter(&letter);
        for algorithm in ALL {
            let (one, two) = (algorithm.digest(b"one"), algorithm.digest(b"two"));
            assert_eq!(digests.at(1, algorithm), Some(two.as_slice()));
            assert_eq!(digests.at(3, algorithm), None);
            assert_eq!(digests.places(algorithm, &one), [0, 2]);
            for mut content in [Content::Beside(0), Content::inside(b"one", &Digest::of(b"one"))] {
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
        let mut digests = Digests::of_letter(&letter);
        let mut inside = Content::inside(b"one", &Digest::of(b"one"));
        for algorithm in ALL.into_iter().chain(ALL) {
            let first = digests.at(0, algorithm).unwrap().as_ptr();
            assert_eq!(digests.at(0, algorithm).unwrap().as_ptr(), first);
            inside.has(algorithm, b"", &mut digests);
        }
        assert!(matches!(inside, Content::Inside(_, known) if known.len() == ALL.len()));
    }
}
