//! Which base points a test lets through.

use dstu::{BasePoint, BasePointRule, PublicKey};

/// Only the base points that are published with the curves.
pub(crate) const STANDARD_ONLY: BasePointRule = BasePointRule::StandardOnly;
/// Any base point of the right order.
pub(crate) const ANY: BasePointRule = BasePointRule::OtherAllowed;

pub(crate) fn has_standard_base(key: &PublicKey) -> bool {
    matches!(key.base_point(), BasePoint::Standard)
}
