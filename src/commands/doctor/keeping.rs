//! What is kept here: the store and its blobs, the trusted certificates, drop folders, the time.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use skrynka::config::Config;
use skrynka::model::{MailboxId, Timestamp, in_kyiv};
use skrynka::store::Store;
use skrynka::trust_folder::{read_trust, remarks};
use skrynka::verify::TrustFault;

use super::Findings;

/// Below this the next large letter may not fit: the largest that is taken has 512 MiB.
const FREE_BYTES_MIN: u64 = 512 * 1024 * 1024;

/// Below this somebody should look for room before it is urgent: thousands of letters of 150 KB.
const FREE_BYTES_LOW: u64 = 2 * 1024 * 1024 * 1024;

/// Letters whose blobs are read back.
const BLOBS_TRIED: u32 = 40;

/// Two clocks that differ by less agree well enough.
const CLOCK_SECONDS: i64 = 120;

/// The years in which this program can run; a machine without a battery starts in 1970.
const YEARS: std::ops::RangeInclusive<i16> = 2026..=2070;

/// Opens the store, writes to it and reads from it.
pub(super) async fn store(config: &Config, findings: &mut Findings) -> Option<Store> {
    let folder = &config.store;
    let database = folder.join("skrynka.db");
    if !folder.exists() || (folder.is_dir() && !database.exists()) {
        findings.warn(
            "store",
            format!(
                "{} holds no store yet; it is made with the first use: is this the right folder?",
                folder.display()
            ),
        );
    }
    owner(&database, findings);
    let store = match Store::open(folder).await {
        Ok(store) => store,
        Err(fault) => {
            findings.wrong("store", fault.to_string());
            return None;
        }
    };
    match store.try_writing().await {
        Ok(()) => findings.ok("store", format!("{} opens and can be written", folder.display())),
        Err(fault) => findings.wrong("store", fault.to_string()),
    }
    match store.figures().await {
        Ok(figures) => {
            let mib = |bytes: u64| bytes / (1024 * 1024);
            let text = format!("{} MiB of {} are free", mib(figures.free_bytes), mib(figures.total_bytes));
            if figures.free_bytes < FREE_BYTES_MIN {
                findings.wrong(
                    "room on the disk",
                    format!("{text}: a large letter does not fit; free some space or move the store"),
                );
            } else if figures.free_bytes < FREE_BYTES_LOW {
                findings.warn("room on the disk", format!("{text}: free some space soon"));
            } else {
                findings.ok("room on the disk", text);
            }
            if let letters @ 1.. = figures.quarantined {
                findings.warn(
                    "quarantine",
                    format!("{letters} letters could not be filed; see `skrynka quarantine list`"),
                );
            }
        }
        Err(fault) => findings.wrong("store", fault.to_string()),
    }
    match store.try_blobs(BLOBS_TRIED).await {
        Ok((read, wrong)) if wrong.is_empty() => {
            findings.ok("blobs", format!("{read} letters read back, all whole"));
        }
        Ok((_, wrong)) => {
            for (filing, fault) in wrong {
                findings.wrong("blobs", format!("filing {filing}: {fault}"));
            }
        }
        Err(fault) => findings.wrong("blobs", fault.to_string()),
    }
    Some(store)
}

/// Files that are made by another user than the daemon's are lost to the daemon.
fn owner(database: &Path, findings: &mut Findings) {
    let Ok(file) = fs::metadata(database) else { return };
    let (owner, we) = (file.uid(), rustix::process::geteuid().as_raw());
    if owner != we {
        findings.warn(
            "store",
            format!("{} belongs to user {owner}, this command runs as user {we}: run it as the daemon's user (`sudo -u '#{owner}' skrynka …`), or files appear that the daemon cannot use", database.display()),
        );
    }
    if file.mode() & 0o077 != 0 {
        findings.warn("store", format!("{} could be read by others; that is closed now", database.display()));
    }
}

/// Reads the trusted certificates.
pub(super) fn trust(config: &Config, now: Timestamp, findings: &mut Findings) {
    let folder = config.trust.display();
    let (trust, faults, _) = match read_trust(&config.trust) {
        Ok(read) => read,
        Err(fault) => return findings.wrong("trust", format!("{fault:#}")),
    };
    if trust.anchors().next().is_none() {
        findings.wrong(
            "trust",
            format!("no authority in {folder}: every signature will be INDETERMINATE; put the certificates of the root authorities that you trust there, each with `skrynka trust import FILE` (or `trust fetch URL`, which downloads it first): it shows the fingerprint to be compared"),
        );
    } else {
        let lists = trust.lists();
        let is_listed = |file: &str| lists.iter().any(|list| list.file == file);
        let trusted = || trust.entries().filter(|entry| entry.trusted_for.is_some());
        let (of_lists, roots) = (
            trusted().filter(|entry| is_listed(entry.file)).count(),
            trusted().filter(|entry| !is_listed(entry.file)).count(),
        );
        let listed = match lists.len() {
            0 => String::new(),
            lists => format!(", {of_lists} anchors of {lists} trusted lists"),
        };
        findings.ok("trust", format!("{roots} root authorities in {folder}{listed}"));
    }
    // One useless file spoils no other: it is a warning here, and WRONG for `skrynka trust check`.
    let faults: Vec<TrustFault> =
        faults.into_iter().filter(|fault| !matches!(fault, TrustFault::NoAnchors)).collect();
    for remark in remarks(&trust, &faults, now) {
        findings.warn("trust", remark.text);
    }
}

/// Drop folders are there and can be written: what is filed moves inside.
pub(super) fn drop_folders(config: &Config, findings: &mut Findings) {
    for drop in &config.drop_folders {
        let thing = format!("drop folder {}", drop.folder.display());
        let rights = rustix::fs::Access::READ_OK | rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK;
        match rustix::fs::access(&drop.folder, rights) {
            Ok(()) => findings.ok(&thing, format!("can be read and written, for {}", drop.mailbox)),
            Err(fault) => {
                findings.wrong(&thing, format!("{fault}: this user must be allowed to read and write there"));
            }
        }
    }
}

/// Whether the time can be right, as far as anything here tells.
pub(super) async fn clock(config: &Config, store: Option<&Store>, now: Timestamp, findings: &mut Findings) {
    const THING: &str = "clock";
    let year = now.to_zoned(jiff::tz::TimeZone::UTC).year();
    if !YEARS.contains(&year) {
        return findings.wrong(THING, format!("it says the year {year}: set it, and let a time service (NTP) keep it right; certificates and codes are judged by it"));
    }
    let mailboxes: Vec<MailboxId> = config
        .mailboxes
        .iter()
        .map(|mailbox| &mailbox.address)
        .chain(config.drop_folders.iter().map(|drop| &drop.mailbox))
        .cloned()
        .collect();
    let newest = match store {
        Some(store) => store.newest_filings(&mailboxes).await.unwrap_or_default(),
        None => Vec::new(),
    };
    if let Some(filed) = newest.iter().map(|filing| filing.filed_at).max()
        && now.duration_since(filed).as_secs() < -CLOCK_SECONDS
    {
        return findings.wrong(THING, format!("it says {}, and a letter was filed at {}: it was put back, or was wrong then; let a time service (NTP) keep it right", in_kyiv(now), in_kyiv(filed)));
    }
    // A letter cannot be filed before its server received it.
    let early = newest
        .iter()
        .map(|filing| (filing.received_at.duration_since(filing.filed_at).as_secs(), &filing.mailbox))
        .max();
    if let Some((seconds, mailbox)) = early.filter(|(seconds, _)| *seconds > CLOCK_SECONDS) {
        return findings.warn(THING, format!("the server of {mailbox} received its newest letter {seconds} s after it was filed here: one of the two clocks is wrong"));
    }
    let text = in_kyiv(now);
    if Path::new("/run/systemd/timesync/synchronized").exists() {
        findings.ok(THING, format!("{text}, kept by systemd-timesyncd"));
    } else if newest.is_empty() {
        findings.ok(THING, format!("{text}; whether that is right cannot be told before the first letter: see that a time service (NTP) runs"));
    } else {
        findings.ok(THING, format!("{text}; agrees with the servers as far as their letters tell"));
    }
}
