//! In tests: a document that says so → the child tries what it may not, as if the document had taken it over.
//!
//! Not in release builds.

use std::io::{self, Write as _};
use std::net::{TcpStream, UdpSocket};
use std::process::Command;
use std::time::Duration;

use super::Trouble;

/// How such a document begins; the attempt's name follows, to the end of the line.
const MARK: &[u8] = b"%SKRYNKA-TRY ";

/// Does what the document says, if it is one of these. A child that is refused and lives says that it broke.
pub(super) fn of(pdf: &[u8]) -> Result<(), Trouble> {
    let Some(rest) = pdf.strip_prefix(MARK) else { return Ok(()) };
    let word = rest.split(|octet| *octet == b'\n').next().unwrap_or_default();
    match attempt(&String::from_utf8_lossy(word)) {
        Ok(()) => Err(Trouble::NoPages),
        Err(_) => Err(Trouble::Broke),
    }
}

/// Tries something that a child may not.
///
/// # Errors
/// When it is refused, and the process lives.
pub fn attempt(word: &str) -> io::Result<()> {
    match word {
        "nothing" => Ok(()),
        "open" => std::fs::File::open("/etc/hostname").map(drop),
        "list" => std::fs::read_dir("/").map(drop),
        "write" => std::fs::File::create("/dev/null").map(drop),
        "connect" => TcpStream::connect(("127.0.0.1", 9)).map(drop),
        "datagram" => UdpSocket::bind(("127.0.0.1", 0)).map(drop),
        "exec" => Command::new("/bin/true").status().map(drop),
        "thread" => std::thread::Builder::new().spawn(|| ()).map(drop),
        "signal" => Ok(rustix::process::kill_process(
            rustix::process::getppid().ok_or(io::ErrorKind::NotFound)?,
            rustix::process::Signal::URG,
        )?),
        "memory" => {
            let hog = vec![1_u8; 1 << 30];
            if hog.last() == Some(&0) { Err(io::ErrorKind::Other.into()) } else { Ok(()) }
        }
        "time" => loop {
            std::hint::spin_loop();
        },
        "sleep" => {
            std::thread::sleep(Duration::from_secs(3600));
            Ok(())
        }
        "stack" => Err(io::Error::other(deeper(1).to_string())),
        "abort" => std::process::abort(),
        "leave" => std::process::exit(0),
        #[expect(clippy::panic, reason = "the attempt is to panic")]
        "panic" => panic!("Петренко 1759013776"),
        "garbage" => say(b"garbage that is no frame at all"),
        "promise" => say(&[0xff; 8]),
        "flood" => loop {
            say(&[0; 1 << 16])?;
        },
        other => Err(io::Error::other(format!("there is no attempt `{other}`"))),
    }
}

fn say(octets: &[u8]) -> io::Result<()> {
    let mut output = io::stdout();
    output.write_all(octets)?;
    output.flush()
}

/// Recursion without end that no compiler makes a loop of.
#[expect(unconditional_recursion, reason = "the attempt is to use up the stack")]
fn deeper(depth: u64) -> u64 {
    let ballast = std::hint::black_box([depth; 64]);
    let below = deeper(depth.wrapping_add(1));
    below.wrapping_add(ballast.iter().sum::<u64>())
}
