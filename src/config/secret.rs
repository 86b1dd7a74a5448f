//! A secret's three places → the secret: inline, in a file, or in the environment.

use std::path::Path;

use secrecy::SecretString;

use super::settings::Environment;

/// The keys `NAME`, `NAME_file` and `NAME_env` of one section.
pub(super) struct Places {
    pub(super) inline: Option<SecretString>,
    pub(super) file: Option<String>,
    pub(super) env: Option<String>,
}

impl Places {
    /// The secret, from the one place that is given.
    ///
    /// `what` names the section and key for people: `mailbox cnap@example.org: password`.
    pub(super) fn read(
        self,
        what: &str,
        base: &Path,
        environment: &Environment,
        warnings: &mut Vec<String>,
    ) -> Result<SecretString, String> {
        match (self.inline, self.file, self.env) {
            (Some(secret), None, None) => Ok(secret),
            (None, Some(file), None) => {
                let path = base.join(&file);
                warn_if_others_can_read(&path, what, warnings);
                let text = super::keys::text_of(
                    "file",
                    &path,
                    "write the password there, readable by its owner only",
                )
                .map_err(|problem| format!("{what}_file: {problem}"))?;
                let secret = text.trim_end_matches(['\r', '\n']);
                if secret.is_empty() {
                    return Err(format!("{what}_file: {} is empty", path.display()));
                }
                Ok(secret.into())
            }
            (None, None, Some(name)) => match environment.get(&name) {
                Some(secret) if !secret.is_empty() => Ok(secret.into()),
                known if known.is_some() || is_usual_name(&name) => Err(format!(
                    "{what}_env: the environment has no `{name}`; set it, or use `password_file`"
                )),
                // It may be the password itself, written into the wrong key.
                _ => Err(format!(
                    "{what}_env: the environment has no variable of the name given there; give a variable's name, for example SKRYNKA_PASSWORD, and set it, or use `password_file`"
                )),
            },
            (None, None, None) => {
                Err(format!("{what} is missing; give one of `password_file`, `password_env`, `password`"))
            }
            _ => {
                Err(format!("{what} is given twice; keep one of `password_file`, `password_env`, `password`"))
            }
        }
    }
}

/// Whether this is written as variables usually are, and passwords seldom.
fn is_usual_name(name: &str) -> bool {
    name.contains('_') && name.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == b'_')
}

/// A secret that other users of the machine can read is not one.
pub(super) fn warn_if_others_can_read(path: &Path, what: &str, warnings: &mut Vec<String>) {
    use std::os::unix::fs::PermissionsExt as _;
    let open = std::fs::metadata(path).is_ok_and(|facts| facts.permissions().mode() & 0o077 != 0);
    if open {
        warnings.push(format!(
            "{what}: {} can be read by other users; run `chmod 600 {}`",
            path.display(),
            path.display()
        ));
    }
}
