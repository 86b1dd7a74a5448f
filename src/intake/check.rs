//! A mailbox's settings → a line for each thing that was tried, for `skrynka config check --connect`.

use tokio::sync::watch;

use super::action::Action;
use super::error::Fault;
use super::folder::Folder;
use super::round::blame;
use super::wire::Wire;
use super::{Account, AfterFiling, folder_name};

/// One thing that was tried.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckLine {
    /// Whether it works.
    pub ok: bool,
    /// What was tried, and if it does not work, why and what to do.
    pub text: String,
}

/// Logs in, opens every folder and looks whether the action after filing is possible. Changes nothing on the server.
pub async fn check_account(account: &Account) -> Vec<CheckLine> {
    let mut lines = Vec::new();
    if let Err(fault) = look(account, &mut lines).await {
        lines.push(CheckLine { ok: false, text: blame(account, fault).to_string() });
    }
    lines
}

async fn look(account: &Account, lines: &mut Vec<CheckLine>) -> Result<(), Fault> {
    let mailbox = &account.mailbox;
    let (_never, stop) = watch::channel(false);
    let mut wire = Wire::log_in(account, stop).await?;
    let text = format!("mailbox {mailbox}: logged in to {}:{}", account.host, account.port);
    lines.push(CheckLine { ok: true, text });
    lines.push(CheckLine { ok: true, text: format!("mailbox {mailbox}: {}", offers(&wire)) });
    for name in &account.folders {
        lines.push(match Folder::open(&mut wire, name, false).await {
            Ok(_) => CheckLine { ok: true, text: format!("mailbox {mailbox}: the folder `{name}` opens") },
            Err(fault @ (Fault::NoFolder { .. } | Fault::FolderRefused { .. })) => {
                CheckLine { ok: false, text: blame(account, fault).to_string() }
            }
            Err(fault) => return Err(fault),
        });
    }
    match &account.after_filing {
        AfterFiling::Nothing => {}
        AfterFiling::Move(target) => {
            let ok = wire.folders().await?.iter().any(|name| folder_name::same(name, target));
            let text = if ok {
                format!("mailbox {mailbox}: filed letters can go to `{target}`")
            } else {
                format!(
                    "mailbox {mailbox}: there is no folder `{target}` for filed letters; create it or change `after_filing`"
                )
            };
            lines.push(CheckLine { ok, text });
        }
        AfterFiling::Keyword(_) => check_keyword(account, &mut wire, lines).await?,
    }
    wire.log_out().await;
    Ok(())
}

/// What of the extensions that help us the server has, in words.
fn offers(wire: &Wire) -> String {
    let helpful = ["IDLE", "MOVE", "UIDPLUS"];
    let (has, lacks): (Vec<_>, Vec<_>) =
        helpful.into_iter().partition(|helpful| wire.capabilities.iter().any(|word| word == helpful));
    match (has.is_empty(), lacks.is_empty()) {
        (_, true) => format!("the server offers {}", has.join(", ")),
        (true, false) => format!("the server offers none of {}; it works without", lacks.join(", ")),
        (false, false) => {
            format!("the server offers {}, not {}; it works without", has.join(", "), lacks.join(", "))
        }
    }
}

async fn check_keyword(account: &Account, wire: &mut Wire, lines: &mut Vec<CheckLine>) -> Result<(), Fault> {
    for name in &account.folders {
        let action = Action::of(&account.after_filing, name);
        // A folder that does not open has its line already.
        let Ok(folder) = Folder::open(wire, name, action.writes()).await else { continue };
        let problem = action.impossible(name, &folder.permanent_flags);
        let ok = problem.is_none();
        let works = || format!("filed letters in `{name}` can be marked");
        let text = problem.map_or_else(works, |problem| problem.to_string());
        lines.push(CheckLine { ok, text: format!("mailbox {}: {text}", account.mailbox) });
    }
    Ok(())
}
