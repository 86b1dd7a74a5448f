//! Generated lines of fictional persons' documents → what is read of them.

mod layout;
mod noise;
mod reading;
mod templates;
