//! The pages for clerks, over real sockets: the way in, who sees what, the live list, search, codes.

mod client;
mod codes;
mod house;
mod live;
mod matrix;
mod searching;
mod transport;
mod way_in;
mod words;
