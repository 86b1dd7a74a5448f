//! The section `[web]` → how the pages for clerks are served, or what is unsafe about it.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use super::secret::warn_if_others_can_read;

/// How the pages for clerks are served.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Web {
    /// Where.
    pub listen: SocketAddr,
    /// Certificate chain and key (PEM files); none: without TLS.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Proxies whose word on the visitor's address and connection counts.
    pub proxies: Vec<IpAddr>,
    /// How browsers reach the pages, without a slash at the end.
    pub public_url: Option<String>,
    /// For how long a session may be unused.
    pub idle: Duration,
}

impl Web {
    /// Where a link for a person begins: the public address, or else the one that is listened at.
    #[must_use]
    pub fn address(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        self.public_url.clone().unwrap_or_else(|| format!("{scheme}://{}", self.listen))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct WebSection {
    listen: String,
    tls_certificate: String,
    tls_key: String,
    proxy: Vec<String>,
    public_url: String,
    idle_minutes: u64,
}

impl Default for WebSection {
    fn default() -> Self {
        Self {
            listen: String::new(),
            tls_certificate: String::new(),
            tls_key: String::new(),
            proxy: Vec::new(),
            public_url: String::new(),
            idle_minutes: 30,
        }
    }
}

/// Checks the section; none when no pages are wanted.
pub(super) fn checked(
    section: &WebSection,
    base: &Path,
    problems: &mut Vec<String>,
    warnings: &mut Vec<String>,
) -> Option<Web> {
    // Half an hour is how long a clerk leaves a counter for; a working day is the longest session there is.
    if !(5..=720).contains(&section.idle_minutes) {
        problems.push(format!("web.idle_minutes is {}; it must be 5 to 720", section.idle_minutes));
    }
    let proxies: Vec<IpAddr> = section.proxy.iter().filter_map(|text| proxy(text, problems)).collect();
    let public_url = public_url(section.public_url.trim(), problems);
    let tls = tls(section, base, problems, warnings);
    let listen = section.listen.trim();
    if listen.is_empty() {
        return None;
    }
    let Ok(listen) = listen.parse::<SocketAddr>() else {
        problems.push(format!(
            "web.listen is `{listen}`; it must be an address with a port, such as \"127.0.0.1:8080\" or \"0.0.0.0:8443\", or \"\" for no pages"
        ));
        return None;
    };
    if tls.is_none() && proxies.is_empty() {
        if listen.ip().is_loopback() {
            warnings.push(format!(
                "web: {listen} is served without TLS, for browsers of this machine only; for others give tls_certificate and tls_key, or put a proxy with TLS before it and name its address in `proxy`"
            ));
        } else {
            problems.push(format!(
                "web: {listen} would send passwords and documents over the network unprotected; give tls_certificate and tls_key, or put a proxy with TLS before it and name its address in `proxy`, or listen at 127.0.0.1"
            ));
        }
    }
    let idle = Duration::from_secs(section.idle_minutes.saturating_mul(60));
    Some(Web { listen, tls, proxies, public_url, idle })
}

fn proxy(text: &str, problems: &mut Vec<String>) -> Option<IpAddr> {
    let address = text.trim().parse().ok();
    if address.is_none() {
        problems.push(format!("web.proxy names `{text}`; it must be an IP address, such as \"127.0.0.1\""));
    }
    address
}

fn public_url(text: &str, problems: &mut Vec<String>) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    let bare = text.trim_end_matches('/');
    let host = bare.strip_prefix("https://").or_else(|| bare.strip_prefix("http://"));
    if host.is_none_or(|host| host.is_empty() || host.contains(['/', '?', '#', '@', ' '])) {
        problems.push(format!(
            "web.public_url is `{text}`; it must be what browsers type, such as \"https://skrynka.example.org\""
        ));
        return None;
    }
    Some(bare.to_owned())
}

fn tls(
    section: &WebSection,
    base: &Path,
    problems: &mut Vec<String>,
    warnings: &mut Vec<String>,
) -> Option<(PathBuf, PathBuf)> {
    let (certificate, key) = (section.tls_certificate.trim(), section.tls_key.trim());
    if certificate.is_empty() && key.is_empty() {
        return None;
    }
    let mut file = |name: &str, text: &str| {
        let path = base.join(text);
        if text.is_empty() {
            problems.push(format!("web.{name} is missing; tls_certificate and tls_key go together"));
        } else if !path.is_file() {
            problems.push(format!("web.{name}: there is no file {}", path.display()));
        }
        path
    };
    let (certificate, key) = (file("tls_certificate", certificate), file("tls_key", key));
    if key.is_file() {
        warn_if_others_can_read(&key, "web.tls_key is secret", warnings);
    }
    Some((certificate, key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(toml: &str) -> (Option<Web>, Vec<String>, Vec<String>) {
        let section: WebSection = toml::from_str(toml).unwrap();
        let (mut problems, mut warnings) = (Vec::new(), Vec::new());
        let web = checked(&section, Path::new("/nowhere"), &mut problems, &mut warnings);
        (web, problems, warnings)
    }

    #[track_caller]
    fn refused(toml: &str, why: &str) {
        let (_, problems, _) = check(toml);
        assert!(problems.iter().any(|problem| problem.contains(why)), "no «{why}» in {problems:?}");
    }

    #[test]
    fn without_a_section_there_are_no_pages() {
        assert_eq!(check(""), (None, Vec::new(), Vec::new()));
    }

    #[test]
    fn loopback_may_go_without_tls_and_is_told_of_it() {
        let (web, problems, warnings) = check("listen = \"127.0.0.1:8080\"");
        assert_eq!(problems, Vec::<String>::new());
        assert!(warnings[0].contains("without TLS"), "{warnings:?}");
        let web = web.unwrap();
        assert_eq!((web.address(), web.idle.as_secs()), ("http://127.0.0.1:8080".to_owned(), 1800));
    }

    #[test]
    fn anything_else_needs_tls_or_a_proxy() {
        refused("listen = \"0.0.0.0:8080\"", "unprotected; give tls_certificate and tls_key, or put a proxy");
        refused("listen = \"10.0.0.5:8080\"\ntls_certificate = \"a.pem\"", "tls_key is missing");
        refused(
            "listen = \"10.0.0.5:8080\"\ntls_certificate = \"a.pem\"\ntls_key = \"b.pem\"",
            "there is no file",
        );
        let (web, problems, warnings) = check(
            "listen = \"10.0.0.5:8080\"\nproxy = [\"10.0.0.1\"]\npublic_url = \"https://skrynka.example.org/\"",
        );
        assert_eq!((problems, warnings), (Vec::new(), Vec::new()));
        assert_eq!(web.unwrap().address(), "https://skrynka.example.org");
    }

    #[test]
    fn slips_are_named() {
        refused("listen = \"localhost\"", "address with a port");
        refused("listen = \"127.0.0.1:1\"\nproxy = [\"front\"]", "must be an IP address");
        refused("listen = \"127.0.0.1:1\"\npublic_url = \"skrynka.example.org\"", "what browsers type");
        refused("listen = \"127.0.0.1:1\"\npublic_url = \"https://a/b\"", "what browsers type");
        refused("listen = \"127.0.0.1:1\"\nidle_minutes = 1", "5 to 720");
    }
}
