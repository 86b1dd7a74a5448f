//! Passwords ↔ their hashes (argon2id, RFC 9106), off the asynchronous workers and only so many at once.

use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use super::fault::Fault;

/// The shortest password, in characters.
pub(super) const CHARS_MIN: usize = 10;

/// The longest: whoever sends a book is not a clerk.
pub(super) const CHARS_MAX: usize = 200;

/// Memory (KiB) and passes: the first recommendation of OWASP's Password Storage Cheat Sheet for Argon2id.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// Hashes that are made at once: with more, nothing would be faster on an office's machine.
const AT_ONCE: usize = 2;

/// Whose hash nobody has: what an unknown login is compared with, so that it takes as long. Of random bytes.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$eSfOqzvMYtWWfs0dPa0XLw$8rNcAEK4ZrMzQqGzTnKqbCyQrkBgGbeVgS4MOyNu1FY";

/// Makes and compares hashes.
#[derive(Debug)]
pub(super) struct Passwords {
    turns: Semaphore,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { turns: Semaphore::new(AT_ONCE) }
    }
}

impl Passwords {
    /// The hash of a new password; `salt` is random.
    pub(super) async fn hash(&self, password: String, salt: [u8; 16]) -> Result<String, Fault> {
        self.aside(move || {
            let salt = SaltString::encode_b64(&salt).ok()?;
            Some(argon2()?.hash_password(password.as_bytes(), &salt).ok()?.to_string())
        })
        .await?
        .ok_or(Fault::Broken)
    }

    /// Whether the password is that of the hash; with none it is not, after as much work.
    pub(super) async fn fits(&self, password: String, hash: Option<String>) -> Result<bool, Fault> {
        let is_known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let fits = self
            .aside(move || {
                let hash = PasswordHash::new(&hash).ok()?;
                Some(argon2()?.verify_password(password.as_bytes(), &hash).is_ok())
            })
            .await?;
        Ok(fits.ok_or(Fault::Broken)? && is_known)
    }

    async fn aside<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
        let _turn = self.turns.acquire().await.map_err(|_| Fault::Broken)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| Fault::Broken)
    }
}

fn argon2() -> Option<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let passwords = Passwords::default();
        let hash = passwords.hash("чотири слова без складу".to_owned(), [7; 16]).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let fits = async |password: &str, hash| passwords.fits(password.to_owned(), hash).await.unwrap();
        assert!(fits("чотири слова без складу", Some(hash.clone())).await);
        assert!(!fits("чотири слова без складy", Some(hash)).await);
    }

    #[tokio::test]
    async fn nobody_has_no_password_and_as_much_work() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let (nobody, ours) = (Params::try_from(&nobody).unwrap(), argon2().unwrap());
        let cost = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
        assert_eq!(cost(&nobody), cost(ours.params()));
        assert!(!Passwords::default().fits(String::new(), None).await.unwrap());
    }
}
