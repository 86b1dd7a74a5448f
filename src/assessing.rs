//! A letter as the store knows it → its light, by the policy of this installation.

use crate::model::{Assessment, Digest, LightCase, LightPolicy};
use crate::store::Assessor;
use crate::{light, matching};

/// The policy by which lights are made.
#[derive(Clone, Debug)]
pub struct Assessing(pub LightPolicy);

impl Assessor for Assessing {
    fn assess(&self, case: &LightCase) -> Assessment {
        // Kinds of documents may be known better now than when the letter was matched.
        let matched = matching::with_documents(&case.matched, case.code.as_ref(), &case.copies);
        light::assess(&LightCase { matched, ..case.clone() }, &self.0)
    }

    fn rules(&self) -> Digest {
        Digest::of(format!("{} {:?}", light::REVISION, self.0).as_bytes())
    }
}
