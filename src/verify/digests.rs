//! The contents that signatures speak of → their digests, each computed once for a letter or a file.
//!
//! Hundreds of signers in hundreds of P7S may all speak of one large document: hashing it for each of them would keep
//! the daemon busy for an hour over one letter.

use super::algorithm::DigestAlgorithm;
use super::fault::Fault;
use super::limits::CONTENT_DIGESTS_MAX;
use crate::model::{Digest, Letter};

/// The digests of contents that stand beside a P7S, each computed when a signature first asks for it.
#[derive(Debug)]
pub(super) struct Digests<'a> {
    /// Bytes and their SHA-256.
    contents: Vec<(&'a [u8], Digest)>,
    /// The digests of all contents by the other algorithms that were asked for.
    known: Vec<(DigestAlgorithm, Vec<Vec<u8>>)>,
}

impl<'a> Digests<'a> {
    /// Of a letter's attachments, in their places.
    pub(super) fn of_letter(letter: &'a Letter) -> Self {
        let contents = letter.attachments.iter();
        Self::of(contents.map(|attachment| (attachment.bytes.as_slice(), attachment.digest)).collect())
    }

    /// Of these bytes, whose SHA-256 is known.
    pub(super) const fn of(contents: Vec<(&'a [u8], Digest)>) -> Self {
        Self { contents, known: Vec::new() }
    }

    /// The digest of the content at this place; none when there is none.
    ///
    /// # Errors
    /// When the contents were hashed in too many ways already.
    pub(super) fn at(&mut self, place: usize, algorithm: DigestAlgorithm) -> Result<Option<&[u8]>, Fault> {
        if algorithm == DigestAlgorithm::Sha256 {
            return Ok(self.contents.get(place).map(|(_, digest)| digest.0.as_slice()));
        }
        let all = &self.contents;
        let hash = || all.iter().map(|(bytes, _)| algorithm.digest(bytes)).collect();
        let digests = remembered(&mut self.known, algorithm, hash)?;
        Ok(digests.get(place).map(Vec::as_slice))
    }

    /// Places of the contents that have this digest; none when they were hashed in too many ways already.
    pub(super) fn places(&mut self, algorithm: DigestAlgorithm, wanted: &[u8]) -> Vec<usize> {
        let all = 0..self.contents.len();
        all.filter(|place| self.at(*place, algorithm).is_ok_and(|digest| digest == Some(wanted))).collect()
    }
}

/// What was computed with this algorithm before, or is now.
fn remembered<T>(
    known: &mut Vec<(DigestAlgorithm, T)>,
    algorithm: DigestAlgorithm,
    hash: impl FnOnce() -> T,
) -> Result<&T, Fault> {
    let place = match known.iter().position(|(known, _)| *known == algorithm) {
        Some(place) => place,
        None if known.len() == CONTENT_DIGESTS_MAX => {
            return Err(Fault::over_budget("CONTENT_DIGESTS_MAX"));
        }
        None => {
            known.push((algorithm, hash()));
            known.len() - 1
        }
    };
    known.get(place).map(|(_, digest)| digest).ok_or_else(|| Fault::over_budget("CONTENT_DIGESTS_MAX"))
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
    ///
    /// # Errors
    /// When the content was hashed in too many ways already.
    pub(super) fn has(
        &mut self,
        algorithm: DigestAlgorithm,
        wanted: &[u8],
        digests: &mut Digests<'_>,
    ) -> Result<Option<bool>, Fault> {
        match self {
            Self::Inside(bytes, known) => {
                let digest = remembered(known, algorithm, || algorithm.digest(bytes))?;
                Ok(Some(digest == wanted))
            }
            Self::Beside(place) => Ok(digests.at(*place, algorithm)?.map(|digest| digest == wanted)),
            Self::Missing => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use dstu::gost34311::Dke;

    use super::*;
    use crate::verify::testing::letter;

    const ALL: [DigestAlgorithm; 7] = [
        DigestAlgorithm::Sha256,
        DigestAlgorithm::Sha384,
        DigestAlgorithm::Sha512,
        DigestAlgorithm::Gost34311(Dke::NO_1),
        DigestAlgorithm::Kupyna256,
        DigestAlgorithm::Kupyna384,
        DigestAlgorithm::Kupyna512,
    ];

    #[test]
    fn every_digest_is_that_of_the_bytes_wherever_they_are() {
        let letter = letter(&[("a", b"one"), ("b", b"two"), ("c", b"one")]);
        let mut digests = Digests::of_letter(&letter);
        for algorithm in ALL {
            let (one, two) = (algorithm.digest(b"one"), algorithm.digest(b"two"));
            assert_eq!(digests.at(1, algorithm).unwrap(), Some(two.as_slice()));
            assert_eq!(digests.at(3, algorithm).unwrap(), None);
            assert_eq!(digests.places(algorithm, &one), [0, 2]);
            for mut content in [Content::Beside(0), Content::inside(b"one", &Digest::of(b"one"))] {
                assert_eq!(content.has(algorithm, &one, &mut digests), Ok(Some(true)));
                assert_eq!(content.has(algorithm, &two, &mut digests), Ok(Some(false)));
            }
            assert_eq!(Content::Missing.has(algorithm, &one, &mut digests), Ok(None));
            assert_eq!(Content::Beside(9).has(algorithm, &one, &mut digests), Ok(None));
        }
    }

    #[test]
    fn no_content_is_hashed_twice_with_one_algorithm() {
        let letter = letter(&[("a", b"one")]);
        let mut digests = Digests::of_letter(&letter);
        let mut inside = Content::inside(b"one", &Digest::of(b"one"));
        for algorithm in ALL.into_iter().chain(ALL) {
            let first = digests.at(0, algorithm).unwrap().unwrap().as_ptr();
            assert_eq!(digests.at(0, algorithm).unwrap().unwrap().as_ptr(), first);
            inside.has(algorithm, b"", &mut digests).unwrap();
        }
        assert!(matches!(inside, Content::Inside(_, known) if known.len() == ALL.len()));
    }

    #[test]
    fn signers_with_s_boxes_of_their_own_do_not_make_us_hash_for_ever() {
        let letter = letter(&[("a", b"one")]);
        let mut digests = Digests::of_letter(&letter);
        let mut inside = Content::inside(b"one", &Digest::of(b"one"));
        let limit = Fault::over_budget("CONTENT_DIGESTS_MAX");
        for number in 0..=u8::MAX {
            let own = DigestAlgorithm::Gost34311(Dke::from_packed(&[number; 64]));
            let few = usize::from(number) < CONTENT_DIGESTS_MAX;
            assert_eq!(digests.at(0, own).is_ok(), few);
            assert_eq!(digests.places(own, &own.digest(b"one")).len(), usize::from(few));
            // SHA-256 of the content inside is among the known ones.
            let few = usize::from(number) < CONTENT_DIGESTS_MAX - 1;
            let answer = inside.has(own, &own.digest(b"one"), &mut digests);
            assert_eq!(answer, if few { Ok(Some(true)) } else { Err(limit.clone()) });
        }
    }
}
