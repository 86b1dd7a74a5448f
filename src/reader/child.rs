//! The child: documents from standard input → what lies on their pages, to standard output.
//!
//! The only file that names the crate `opener`: nobody else opens a stranger's PDF.

#[cfg(debug_assertions)]
mod attempts;

use std::io::{self, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use opener::Fault;
pub use opener::Wish;
use pages::Opened;

#[cfg(debug_assertions)]
pub use attempts::attempt;

use super::lock::{Bar, Confinement, Limits, Who, lock};
use super::{Trouble, frame};

/// With what a child is started.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Orders {
    /// What it may use.
    pub limits: Limits,
    /// Locks that it leaves open: none, but in tests of the others.
    pub without: Vec<Bar>,
}

impl Orders {
    /// Locks this process in.
    #[must_use]
    pub fn lock(&self) -> Confinement {
        lock(&Who::Child, self.limits, &self.without)
    }
}

/// Locks this process in, says how well that worked, and answers documents until its input ends.
///
/// The process has one thread and has read nothing yet.
///
/// # Errors
/// When the parent does not read, or writes something else than agreed.
pub fn serve(orders: &Orders) -> io::Result<()> {
    let confinement = orders.lock();
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    let hello = frame::facts(&confinement).ok_or(io::ErrorKind::InvalidData)?;
    write(&mut output, &hello, &[])?;
    while let Some((wish, pdf)) = next(&mut input)? {
        let told = open(&pdf, &wish);
        let is_broken = told == Err(Trouble::Broke);
        let (facts, pictures) = frame::answer(told);
        write(&mut output, &facts, &pictures)?;
        if is_broken {
            // Who knows what the panic left behind: no other document is read here.
            return Ok(());
        }
    }
    Ok(())
}

fn next(input: &mut impl Read) -> io::Result<Option<(Wish, Vec<u8>)>> {
    let mut octets = [0; frame::HEAD];
    match input.read_exact(&mut octets) {
        Ok(()) => {}
        Err(fault) if fault.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(fault) => return Err(fault),
    }
    let head = frame::Head::of(octets);
    let (mut wish, mut pdf) = (vec![0; head.facts], vec![0; head.tail]);
    input.read_exact(&mut wish)?;
    input.read_exact(&mut pdf)?;
    let wish = frame::read(&wish).ok_or(io::ErrorKind::InvalidData)?;
    Ok(Some((wish, pdf)))
}

fn open(pdf: &[u8], wish: &Wish) -> Result<Opened, Trouble> {
    let opening = || {
        #[cfg(debug_assertions)]
        attempts::of(pdf)?;
        opener::open(pdf, wish).map_err(|fault| match fault {
            Fault::NotPdf => Trouble::NotPdf,
            Fault::Password => Trouble::Password,
            Fault::NoPages => Trouble::NoPages,
        })
    };
    // The hook of `main` tells where the panic was, and nothing of the document.
    catch_unwind(AssertUnwindSafe(opening)).unwrap_or(Err(Trouble::Broke))
}

fn write(output: &mut impl Write, facts: &[u8], tail: &[u8]) -> io::Result<()> {
    let head = frame::Head { facts: facts.len(), tail: tail.len() };
    output.write_all(&head.octets().ok_or(io::ErrorKind::InvalidData)?)?;
    output.write_all(facts)?;
    output.write_all(tail)?;
    output.flush()
}
