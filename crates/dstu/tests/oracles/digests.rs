//! GOST 34.311 under any substitution, as two other crates compute it. `tests/gost34311` has all the rest.

use dstu::gost34311::digest;
use structured_dstu4145::gost::{Dke as StructuredDke, Gost34311 as Structured};
use ua_cryptography_gost::Gost34311 as Ua;

use crate::bouncy_castle::random_dke;
use crate::random::Random;

#[test]
fn any_substitution_gives_the_digests_of_two_other_crates() {
    let mut random = Random::new(0x5b0c5);
    for _ in 0..200 {
        let dke = random_dke(&mut random);
        let packed = dke.to_packed();
        let length = random.below(500);
        let message = random.octets(length);
        let ours = digest(&dke, &message);
        let structured = StructuredDke::new(&packed).unwrap();
        let mut stream = Structured::new(&structured);
        stream.update(&message).unwrap();
        assert_eq!(stream.finalize(), ours, "{packed:x?}");
        assert_eq!(Ua::from_dke(&packed).unwrap().hash(&message), ours, "{packed:x?}");
    }
}
