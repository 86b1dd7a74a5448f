//! The body of a form → its fields: `application/x-www-form-urlencoded`, or `multipart/form-data` (RFC 7578) with a file.

/// Fields of a form; more than a page of ours has.
const FIELDS_MAX: usize = 200;

/// What a form sent.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Sent(Vec<(String, Vec<u8>)>);

impl Sent {
    /// Reads a body of this content type; none when it is neither of the two.
    pub(super) fn read(kind: &str, body: &[u8]) -> Option<Self> {
        let (name, parameters) = kind.split_once(';').unwrap_or((kind, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            "application/x-www-form-urlencoded" => {
                let pairs = url::form_urlencoded::parse(body).take(FIELDS_MAX);
                Some(Self(
                    pairs.map(|(name, value)| (name.into_owned(), value.into_owned().into())).collect(),
                ))
            }
            "multipart/form-data" => {
                let boundary = parameter(parameters, "boundary")?;
                Some(Self(parts(body, &boundary)?))
            }
            _ => None,
        }
    }

    /// The first field of this name, without spaces around it; empty when there is none.
    pub(super) fn text(&self, name: &str) -> String {
        self.raw_text(name).trim().to_owned()
    }

    /// The first field of this name as it was typed: a password.
    pub(super) fn raw_text(&self, name: &str) -> String {
        String::from_utf8_lossy(self.bytes(name)).into_owned()
    }

    /// Every field of this name.
    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        let of = self.0.iter().filter(|(key, _)| key == name);
        of.map(|(_, value)| String::from_utf8_lossy(value).trim().to_owned()).collect()
    }

    /// The bytes of the first field of this name; empty when there is none.
    pub(super) fn bytes(&self, name: &str) -> &[u8] {
        self.0.iter().find(|(key, _)| key == name).map_or(&[], |(_, value)| value)
    }
}

/// `name="value"` or `name=value` among parameters.
fn parameter(parameters: &str, name: &str) -> Option<String> {
    parameters.split(';').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        let value = value.trim().trim_matches('"');
        (key.trim().eq_ignore_ascii_case(name) && !value.is_empty()).then(|| value.to_owned())
    })
}

/// The parts between the boundaries.
fn parts(body: &[u8], boundary: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let (first, between) = (format!("--{boundary}"), format!("\r\n--{boundary}"));
    let mut rest = body.strip_prefix(first.as_bytes())?;
    let mut fields = Vec::new();
    while let Some(part) = rest.strip_prefix(b"\r\n") {
        let end = find(part, between.as_bytes())?;
        let (part, after) = part.split_at_checked(end)?;
        let head = find(part, b"\r\n\r\n")?;
        let (head, value) = part.split_at_checked(head)?;
        if fields.len() < FIELDS_MAX {
            fields.push((name_of(&String::from_utf8_lossy(head))?, value.get(4..)?.to_vec()));
        }
        rest = after.get(between.len()..)?;
    }
    rest.starts_with(b"--").then_some(fields)
}

fn name_of(head: &str) -> Option<String> {
    let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"))?;
    parameter(line, "name")
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_without_a_file_is_read() {
        let sent =
            Sent::read("application/x-www-form-urlencoded; charset=utf-8", "a=1+%D1%96&b=&a=2".as_bytes());
        let sent = sent.unwrap();
        assert_eq!(
            (sent.text("a"), sent.texts("a").len(), sent.text("c")),
            ("1 і".to_owned(), 2, String::new())
        );
        assert_eq!(Sent::read("text/plain", b"a=1"), None);
    }

    #[test]
    fn a_form_with_a_file_is_read() {
        let body = b"--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\ntoken\r\n--x\r\n\
            Content-Disposition: form-data; name=\"picture\"; filename=\"c;d.png\"\r\nContent-Type: image/png\r\n\r\n\
            \x89PNG\r\n\r\n--\r\n--x--\r\n";
        let sent = Sent::read("multipart/form-data; boundary=x", body).unwrap();
        assert_eq!(sent.text("csrf"), "token");
        assert_eq!(sent.bytes("picture"), b"\x89PNG\r\n\r\n--");
    }

    #[test]
    fn a_broken_body_is_no_form() {
        for body in [
            &b""[..],
            b"--x",
            b"--x\r\n",
            b"--x\r\nno head\r\n--x--",
            b"--x\r\n\r\n\r\nvalue\r\n--x--",
            b"--y--",
        ] {
            assert_eq!(Sent::read("multipart/form-data; boundary=x", body), None, "{body:?}");
        }
        assert_eq!(Sent::read("multipart/form-data", b"--x--"), None);
    }
}
