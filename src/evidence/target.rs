//! The address in a certificate → where to connect and what to ask for there.

use std::net::IpAddr;

use hyper::Uri;
use url::{Host, Url};

use super::error::EvidenceFault;
use super::limits::URL_CHARS_MAX;

/// An http or https address. Ports and IP addresses are not judged yet.
#[derive(Clone, Debug)]
pub(super) struct Target {
    url: Url,
    host: Host<String>,
    /// Whether TLS is spoken.
    pub(super) https: bool,
    /// The port, named or not.
    pub(super) port: u16,
}

impl Target {
    /// Reads an address. The usual reader of URLs drops line breaks and blanks; a certificate that has them is refused.
    pub(super) fn read(text: &str) -> Result<Self, EvidenceFault> {
        checked_text(text)?;
        let url = Url::parse(text).map_err(|error| EvidenceFault::BadUrl(error.to_string()))?;
        Self::of(url)
    }

    /// Where a redirect leads from here.
    pub(super) fn redirected(&self, location: &str) -> Result<Self, EvidenceFault> {
        checked_text(location)?;
        let url = self.url.join(location).map_err(|error| EvidenceFault::BadUrl(error.to_string()))?;
        checked_text(url.as_str())?;
        Self::of(url)
    }

    fn of(mut url: Url) -> Result<Self, EvidenceFault> {
        let bad = |why: &str| EvidenceFault::BadUrl(why.to_owned());
        let https = match url.scheme() {
            "http" => false,
            "https" => true,
            other => return Err(EvidenceFault::Scheme(other.chars().take(20).collect())),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(bad("it holds a login"));
        }
        url.set_fragment(None);
        let host = url.host().ok_or_else(|| bad("it names no host"))?.to_owned();
        let port = url.port_or_known_default().ok_or_else(|| bad("it names no port"))?;
        Ok(Self { url, host, https, port })
    }

    /// The host for people, for DNS and for a certificate's name: without brackets.
    pub(super) fn host(&self) -> String {
        match &self.host {
            Host::Domain(name) => name.clone(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        }
    }

    /// The address, where the host is one and no name.
    pub(super) const fn address(&self) -> Option<IpAddr> {
        match &self.host {
            Host::Domain(_) => None,
            Host::Ipv4(address) => Some(IpAddr::V4(*address)),
            Host::Ipv6(address) => Some(IpAddr::V6(*address)),
        }
    }

    /// Host and port, always with the port: what a CONNECT names, and what a host is remembered by.
    pub(super) fn authority(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// The value of `Host` (RFC 9110 §7.2): the port only where it is not the scheme's own.
    pub(super) fn host_header(&self) -> String {
        self.url.port().map_or_else(|| self.host.to_string(), |port| format!("{}:{port}", self.host))
    }

    /// The request target: origin-form for the server itself, absolute-form for a proxy (RFC 9112 §3.2).
    pub(super) fn request_target(&self, absolute: bool) -> Result<Uri, EvidenceFault> {
        let start = if absolute { url::Position::BeforeScheme } else { url::Position::BeforePath };
        let text = &self.url[start..url::Position::AfterQuery];
        text.parse().map_err(|error: hyper::http::uri::InvalidUri| EvidenceFault::BadUrl(error.to_string()))
    }
}

fn checked_text(text: &str) -> Result<(), EvidenceFault> {
    if text.len() > URL_CHARS_MAX {
        return Err(EvidenceFault::BadUrl(format!("it has more than {URL_CHARS_MAX} characters")));
    }
    if !text.bytes().all(|c| c.is_ascii_graphic()) {
        // RFC 5280 §4.2.1.6: an IA5String that holds a URI of RFC 3986, which has no blanks.
        return Err(EvidenceFault::BadUrl("it holds blanks, control or non-ASCII characters".to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_apart_for_connecting_and_asking() {
        let target = Target::read("http://CA.test:8080/crl/full.crl?x=1#part").unwrap();
        assert_eq!((target.host().as_str(), target.port, target.https), ("ca.test", 8080, false));
        assert_eq!(target.host_header(), "ca.test:8080");
        assert_eq!(target.request_target(false).unwrap(), "/crl/full.crl?x=1");
        assert_eq!(target.request_target(true).unwrap(), "http://ca.test:8080/crl/full.crl?x=1");
        let target = Target::read("https://[2a02::1]").unwrap();
        assert_eq!((target.host().as_str(), target.host_header().as_str()), ("2a02::1", "[2a02::1]"));
        assert_eq!(target.authority(), "[2a02::1]:443");
        assert_eq!(target.request_target(false).unwrap(), "/");
    }

    #[test]
    fn every_spelling_of_an_ip_address_is_seen_as_one() {
        for text in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://0177.0.0.01/",
            "http://127.1/",
        ] {
            assert_eq!(Target::read(text).unwrap().address(), Some("127.0.0.1".parse().unwrap()), "{text}");
        }
        assert_eq!(Target::read("http://[::1]/").unwrap().address(), Some("::1".parse().unwrap()));
    }

    #[test]
    fn what_is_no_http_address_is_refused_with_its_reason() {
        let refused = |text: &str| Target::read(text).unwrap_err();
        assert_eq!(refused("ldap://ca.test/cn=x"), EvidenceFault::Scheme("ldap".to_owned()));
        assert_eq!(refused("file:///etc/passwd"), EvidenceFault::Scheme("file".to_owned()));
        let long = format!("http://ca.test/{}", "x".repeat(URL_CHARS_MAX));
        for text in [
            "",
            "ca.test",
            "http://",
            "http://a:b@ca.test/",
            "http://ca.test/\r\nX: y",
            "http://ca .test/",
            "http://ца.test/",
            &long,
        ] {
            assert!(matches!(refused(text), EvidenceFault::BadUrl(_)), "{text}");
        }
    }

    #[test]
    fn a_redirect_may_be_relative_and_is_read_as_strictly() {
        let target = Target::read("http://ca.test/a/b").unwrap();
        let to =
            |location: &str| target.redirected(location).map(|t| t.request_target(true).unwrap().to_string());
        assert_eq!(to("/c").unwrap(), "http://ca.test/c");
        assert_eq!(to("c?d").unwrap(), "http://ca.test/a/c?d");
        assert_eq!(to("//other.test/c").unwrap(), "http://other.test/c");
        assert!(to("ldap://x/").is_err() && to("http://u@x/").is_err() && to("http://x/ y").is_err());
    }
}
