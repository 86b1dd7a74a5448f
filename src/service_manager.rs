//! States of the daemon → the service manager (systemd's sd_notify protocol: datagrams to the socket it names).
//!
//! Source: sd_notify(3). Without a socket named, nothing is sent.

use std::io;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

/// The manager that started us, if one did.
#[derive(Debug, Default)]
pub struct ServiceManager {
    socket: Option<(UnixDatagram, SocketAddr)>,
    watchdog: Option<Duration>,
}

impl ServiceManager {
    /// From what the manager put into the environment: `NOTIFY_SOCKET` (a path, or an abstract name that begins with
    /// `@`) and `WATCHDOG_USEC` (microseconds).
    ///
    /// # Errors
    /// When a socket is named that cannot be used.
    pub fn named(socket: Option<&str>, watchdog_usec: Option<&str>) -> io::Result<Self> {
        let Some(name) = socket.filter(|name| !name.is_empty()) else { return Ok(Self::default()) };
        let address = match name.strip_prefix('@') {
            Some(abstract_name) => SocketAddr::from_abstract_name(abstract_name)?,
            None => SocketAddr::from_pathname(name)?,
        };
        let watchdog = watchdog_usec.and_then(|text| text.parse().ok()).filter(|usec| *usec > 0);
        Ok(Self {
            socket: Some((UnixDatagram::unbound()?, address)),
            watchdog: watchdog.map(Duration::from_micros),
        })
    }

    /// How often to say [`Self::alive`]: half of what the manager waits, as its manual advises.
    #[must_use]
    pub fn beat(&self) -> Option<Duration> {
        self.watchdog.map(|limit| limit / 2)
    }

    /// The daemon has begun its work.
    pub fn ready(&self) {
        self.say("READY=1\nSTATUS=watching");
    }

    /// The daemon lives.
    pub fn alive(&self) {
        self.say("WATCHDOG=1");
    }

    /// The daemon takes a changed configuration.
    pub fn status(&self, text: &str) {
        self.say(&format!("STATUS={}", text.replace('\n', " ")));
    }

    /// The daemon ends.
    pub fn stopping(&self) {
        self.say("STOPPING=1\nSTATUS=stopping");
    }

    fn say(&self, text: &str) {
        let Some((socket, address)) = &self.socket else { return };
        if let Err(fault) = socket.send_to_addr(text.as_bytes(), address) {
            tracing::warn!(%fault, "the service manager did not take a message");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manager_hears_of_each_state_on_a_path_and_on_an_abstract_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let name = format!("skrynka-test-{}", std::process::id());
        let abstract_address = SocketAddr::from_abstract_name(&name).unwrap();
        let sockets = [
            (UnixDatagram::bind(&path).unwrap(), path.to_str().unwrap().to_owned()),
            (UnixDatagram::bind_addr(&abstract_address).unwrap(), format!("@{name}")),
        ];
        for (socket, named) in sockets {
            let manager = ServiceManager::named(Some(&named), Some("4000000")).unwrap();
            manager.ready();
            manager.alive();
            manager.stopping();
            let mut heard = [0; 100];
            for expected in ["READY=1\nSTATUS=watching", "WATCHDOG=1", "STOPPING=1\nSTATUS=stopping"] {
                let length = socket.recv(&mut heard).unwrap();
                assert_eq!(std::str::from_utf8(&heard[..length]).unwrap(), expected);
            }
            assert_eq!(manager.beat(), Some(Duration::from_secs(2)));
        }
    }

    #[test]
    fn without_a_manager_nothing_is_said() {
        let nobody = ServiceManager::named(None, Some("1")).unwrap();
        nobody.ready();
        assert_eq!(nobody.beat(), None);
        ServiceManager::named(Some(""), None).unwrap().alive();
    }

    #[test]
    fn a_manager_that_went_away_is_no_fault() {
        let gone = ServiceManager::named(Some("/nowhere/notify"), None).unwrap();
        gone.alive();
    }
}
