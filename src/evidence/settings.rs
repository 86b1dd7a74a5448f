//! What an operator decides about fetching, as plain values.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::allowed::Allowed;

/// How evidence is fetched.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Off: every need is answered with [`super::EvidenceFault::Off`].
    pub allowed: bool,
    /// Places besides the public internet's ports 80 and 443.
    pub addresses_allowed: Vec<Allowed>,
    /// The way out, where there is no direct one.
    pub proxy: Option<Proxy>,
    /// Authorities (DER) that https servers may have besides the system's.
    pub extra_roots: Vec<Vec<u8>>,
    /// How long resolving, connecting and shaking hands may take, each.
    pub connect_patience: Duration,
    /// How long a request may take in all, redirects included.
    pub patience: Duration,
    /// The same for CRLs: one of 10 MB over a poor line. Nobody waits for it, it lands on the shelf.
    pub crl_patience: Duration,
    /// Requests at once to one host and port.
    pub at_once_per_host: usize,
    /// Requests at once in all.
    pub at_once: usize,
    /// Answers older than this are asked for again, whatever they promise: the policy's age of revocation evidence.
    pub age_max: Option<Duration>,
    /// Any number, drawn once by whoever starts the program: spreads the moments at which installations try again.
    pub spread: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            allowed: true,
            addresses_allowed: Vec::new(),
            proxy: None,
            extra_roots: Vec::new(),
            connect_patience: Duration::from_secs(3),
            patience: Duration::from_secs(10),
            crl_patience: Duration::from_secs(60),
            at_once_per_host: 2,
            at_once: 8,
            age_max: None,
            spread: 0,
        }
    }
}

/// An HTTP proxy: `http://proxy.office.local:3128`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proxy {
    /// Its name, or its address without brackets.
    pub(super) host: String,
    /// Its port.
    pub(super) port: u16,
}

/// A text that names no proxy.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a proxy is written as http://host:port, without a login")]
pub struct InvalidProxy;

impl FromStr for Proxy {
    type Err = InvalidProxy;

    fn from_str(text: &str) -> Result<Self, InvalidProxy> {
        let url = url::Url::parse(text).map_err(|_| InvalidProxy)?;
        let bare = url.username().is_empty() && url.password().is_none() && url.path() == "/";
        if url.scheme() != "http" || !bare || url.query().is_some() || url.fragment().is_some() {
            return Err(InvalidProxy);
        }
        let host = match url.host() {
            Some(url::Host::Domain(name)) => name.to_owned(),
            Some(url::Host::Ipv4(address)) => address.to_string(),
            Some(url::Host::Ipv6(address)) => address.to_string(),
            None => return Err(InvalidProxy),
        };
        Ok(Self { host, port: url.port().unwrap_or(80) })
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "http://[{}]:{}", self.host, self.port)
        } else {
            write!(f, "http://{}:{}", self.host, self.port)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_a_host_and_a_port_and_nothing_else() {
        for text in ["http://proxy.office:3128", "http://10.0.0.1:8080", "http://[fd00::1]:80"] {
            assert_eq!(text.parse::<Proxy>().unwrap().to_string(), text);
        }
        assert_eq!("http://proxy".parse::<Proxy>().unwrap().port, 80);
        for text in
            ["", "proxy:3128", "https://proxy:3128", "http://a:b@proxy:1", "http://p/x", "http://p/?x"]
        {
            assert_eq!(text.parse::<Proxy>(), Err(InvalidProxy), "{text}");
        }
    }
}
