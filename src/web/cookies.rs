//! Cookies: their names, what a request brought, what an answer sets.

use axum::http::{HeaderMap, HeaderValue, header};

/// The session's secret.
pub(super) const SESSION: &str = "skrynka";
/// The secret of somebody who is not signed in, for the forms of the way in.
pub(super) const FORM: &str = "skrynka-form";
/// The language.
pub(super) const LANGUAGE: &str = "skrynka-lang";

/// The name under which a cookie is kept. `__Host-` binds it to this host and TLS; browsers refuse it without.
fn full_name(name: &str, secure: bool) -> String {
    if secure { format!("__Host-{name}") } else { name.to_owned() }
}

/// The value of a cookie.
pub(super) fn value(headers: &HeaderMap, name: &str, secure: bool) -> Option<String> {
    let name = full_name(name, secure);
    let all = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    all.flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// Sets a cookie that no script can read: until the browser is closed, or for so many seconds (0: it is taken away).
pub(super) fn set(name: &str, value: &str, secure: bool, seconds: Option<u32>) -> Option<HeaderValue> {
    let (name, secure) = (full_name(name, secure), if secure { "; Secure" } else { "" });
    let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    // Lax: a link in a mail to a letter finds the clerk signed in; changes have their own guard.
    HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_bound_to_its_host_where_there_is_tls() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=b; skrynka=plain"));
        headers.append(header::COOKIE, HeaderValue::from_static("__Host-skrynka=bound"));
        assert_eq!(value(&headers, SESSION, false).as_deref(), Some("plain"));
        assert_eq!(value(&headers, SESSION, true).as_deref(), Some("bound"));
        assert_eq!(value(&headers, FORM, true), None);
        let set = |secure| set(SESSION, "x", secure, None).unwrap();
        assert_eq!(set(true), "__Host-skrynka=x; Path=/; HttpOnly; SameSite=Lax; Secure");
        assert_eq!(set(false), "skrynka=x; Path=/; HttpOnly; SameSite=Lax");
    }
}
