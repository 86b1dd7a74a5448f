//! What the operator allows → which host, address and port a connection may go to.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use super::address::{special, within};
use super::error::EvidenceFault;

/// A place that may be connected to though it is not of the public internet or not on a usual port:
/// `10.1.0.0/16`, `ocsp.office.local`, `192.168.1.5:8080`, `[fd00::1]:8080`.
///
/// Without a port it means 80 and 443; with one, that one only. A host is compared as a whole, and allowed wherever its
/// name leads: name one only where the operator is master of the name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Allowed {
    place: Place,
    port: Option<u16>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Place {
    Net(IpAddr, u8),
    Host(String),
}

/// A text that names no place.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("`{0}` is neither an address, a net such as 10.1.0.0/16, nor a host, each with or without `:port`")]
pub struct InvalidAllowed(String);

impl FromStr for Allowed {
    type Err = InvalidAllowed;

    fn from_str(text: &str) -> Result<Self, InvalidAllowed> {
        let invalid = || InvalidAllowed(text.to_owned());
        let (place, port) = match (text.strip_prefix('['), text.rsplit_once(':')) {
            (Some(rest), _) => {
                let (inside, after) = rest.split_once(']').ok_or_else(invalid)?;
                let port =
                    if after.is_empty() { None } else { Some(after.strip_prefix(':').ok_or_else(invalid)?) };
                (net(inside).filter(|place| matches!(place, Place::Net(IpAddr::V6(_), _))), port)
            }
            (None, Some((head, port))) if !head.contains(':') => {
                (net(head).or_else(|| host(head)), Some(port))
            }
            _ => (net(text).or_else(|| host(text)), None),
        };
        let port =
            port.map(|port| port.parse().ok().filter(|port| *port != 0).ok_or_else(invalid)).transpose()?;
        Ok(Self { place: place.ok_or_else(invalid)?, port })
    }
}

fn net(text: &str) -> Option<Place> {
    let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.map_or(Some(most), |bits| bits.parse().ok())?;
    (bits <= most).then_some(Place::Net(address, bits))
}

fn host(text: &str) -> Option<Place> {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    match url::Host::parse(text).ok()? {
        url::Host::Domain(name) if text.chars().all(fits) => Some(Place::Host(name)),
        _ => None,
    }
}

impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.place, self.port) {
            (Place::Net(address @ IpAddr::V6(_), bits), Some(port)) => write!(f, "[{address}/{bits}]:{port}"),
            (Place::Net(address, bits), Some(port)) => write!(f, "{address}/{bits}:{port}"),
            (Place::Net(address, bits), None) => write!(f, "{address}/{bits}"),
            (Place::Host(name), Some(port)) => write!(f, "{name}:{port}"),
            (Place::Host(name), None) => f.write_str(name),
        }
    }
}

impl Allowed {
    fn at(&self, host: &str, address: IpAddr) -> bool {
        match &self.place {
            Place::Net(net, bits) => within(address, *net, *bits),
            Place::Host(name) => name == host,
        }
    }
}

/// Whether any connection to this port can be allowed: asked before the name's addresses are.
pub(super) fn port(allowed: &[Allowed], host: &str, port: u16) -> Result<(), EvidenceFault> {
    if usual(port) || allowed.iter().any(|allowed| allowed.port == Some(port)) {
        return Ok(());
    }
    Err(EvidenceFault::Port { host: host.to_owned(), port })
}

/// Whether a connection to this very address may be made for this host.
pub(super) fn connection(
    allowed: &[Allowed],
    host: &str,
    address: IpAddr,
    port: u16,
) -> Result<(), EvidenceFault> {
    let mut named = allowed.iter().filter(|allowed| allowed.at(host, address));
    if named.any(|allowed| allowed.port.map_or(usual(port), |one| one == port)) {
        return Ok(());
    }
    match special(address) {
        Some(kind) => Err(EvidenceFault::Address { host: host.to_owned(), address, kind }),
        None if usual(port) => Ok(()),
        None => Err(EvidenceFault::Port { host: host.to_owned(), port }),
    }
}

const fn usual(port: u16) -> bool {
    matches!(port, 80 | 443)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(allowed: &[&str], host: &str, address: &str, port: u16) -> bool {
        let allowed: Vec<Allowed> = allowed.iter().map(|text| text.parse().unwrap()).collect();
        connection(&allowed, host, address.parse().unwrap(), port).is_ok()
    }

    #[test]
    fn places_print_and_read_back() {
        for (text, shown) in [
            ("10.1.0.0/16", "10.1.0.0/16"),
            ("10.1.2.3", "10.1.2.3/32"),
            ("10.1.2.3:8080", "10.1.2.3/32:8080"),
            ("OCSP.Office.local", "ocsp.office.local"),
            ("ocsp.office.local:81", "ocsp.office.local:81"),
            ("fd00::/8", "fd00::/8"),
            ("[fd00::1]", "fd00::1/128"),
            ("[fd00::1]:81", "[fd00::1/128]:81"),
        ] {
            let read: Allowed = text.parse().unwrap();
            assert_eq!(read.to_string(), shown);
            assert_eq!(shown.parse::<Allowed>().unwrap(), read);
        }
        for text in [
            "",
            "10.0.0.0/33",
            "10.0.0.0/x",
            "a b",
            "http://x",
            "x:0",
            "x:70000",
            "x:",
            "[10.0.0.1]",
            "[::1]x",
            "*",
        ] {
            assert!(text.parse::<Allowed>().is_err(), "{text}");
        }
    }

    #[test]
    fn only_the_public_internet_on_its_usual_ports_is_allowed_by_itself() {
        assert!(may(&[], "ca.test", "8.8.8.8", 80) && may(&[], "ca.test", "2a02::1", 443));
        assert!(!may(&[], "ca.test", "8.8.8.8", 8080));
        assert!(!may(&[], "ca.test", "10.0.0.1", 80) && !may(&[], "ca.test", "::ffff:8.8.8.8", 80));
    }

    #[test]
    fn an_allowed_net_or_host_means_its_usual_ports_unless_one_is_named() {
        assert!(may(&["10.0.0.0/8"], "x", "10.9.9.9", 80) && !may(&["10.0.0.0/8"], "x", "10.9.9.9", 81));
        assert!(
            may(&["10.0.0.0/8:81"], "x", "10.9.9.9", 81) && !may(&["10.0.0.0/8:81"], "x", "10.9.9.9", 80)
        );
        assert!(
            may(&["ca.test"], "ca.test", "10.0.0.1", 80) && !may(&["ca.test"], "other.test", "10.0.0.1", 80)
        );
        assert!(
            may(&["ca.test:81"], "ca.test", "8.8.8.8", 81) && !may(&["ca.test:81"], "b.test", "8.8.8.8", 81)
        );
        assert!(!may(&["127.0.0.0/8"], "x", "::ffff:127.0.0.1", 80), "another family");
    }
}
