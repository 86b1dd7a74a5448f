//! A process that has everything → one that has only what it needs, and says how well that worked here.

mod calls;

use std::fmt;
use std::path::PathBuf;

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, CompatLevel, Compatible as _, Ruleset, RulesetAttr as _,
    RulesetCreatedAttr as _, RulesetError, RulesetStatus, Scope, path_beneath_rules,
};
use rustix::process::{DumpableBehavior, Resource, Rlimit, Signal};
use serde::{Deserialize, Serialize};

/// What a process is locked in by.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Confinement {
    /// Rules of files, connections and signals.
    pub landlock: Landlock,
    /// Whether system calls that it does not need are barred.
    pub seccomp: bool,
    /// Whether memory, time, files and processes are limited.
    pub limits: bool,
}

/// How much of landlock this kernel has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Landlock {
    /// All that is asked for: Linux 6.12 and later.
    Whole,
    /// Files, and what else an older kernel has.
    Part,
    /// Nothing: before Linux 5.13, or switched off at boot.
    Absent,
}

/// One of the locks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bar {
    /// Landlock.
    Landlock,
    /// The filter of system calls.
    Seccomp,
    /// Limits of resources.
    Limits,
}

/// What a process may use.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Address space, bytes.
    pub memory_bytes: u64,
    /// Processor time in its whole life, seconds.
    pub cpu_seconds: u64,
}

/// Who is locked in.
pub(super) enum Who {
    /// This program, about to read a document: it opens nothing and starts nothing.
    Child,
    /// An OCR program, about to be executed: it reads itself and its data under these paths.
    Ocr(Vec<PathBuf>),
}

impl Confinement {
    /// Whether nothing is missing.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.landlock == Landlock::Whole && self.seccomp && self.limits
    }
}

impl fmt::Display for Confinement {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let landlock = match self.landlock {
            Landlock::Whole => "whole",
            Landlock::Part => "in part (an older kernel)",
            Landlock::Absent => "absent",
        };
        let there = |is: bool| if is { "on" } else { "absent" };
        write!(to, "landlock {landlock}, seccomp {}, limits {}", there(self.seccomp), there(self.limits))
    }
}

impl Bar {
    /// Its name, as the words of the command give it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Landlock => "landlock",
            Self::Seccomp => "seccomp",
            Self::Limits => "limits",
        }
    }

    /// The lock of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Landlock, Self::Seccomp, Self::Limits].into_iter().find(|bar| bar.name() == name)
    }
}

/// Locks this process in, for good. It has one thread. What the kernel does not have is left out, and told.
pub(super) fn lock(who: &Who, limits: Limits, without: &[Bar]) -> Confinement {
    // The kernel kills us when the thread that started us ends. Should it be gone already, our input ends at once.
    let _ = rustix::process::set_parent_process_death_signal(Some(Signal::KILL));
    // What `ps` and `top` call it.
    let _ = rustix::thread::set_name(c"skrynka-reader");
    // No file of our memory, which holds somebody's passport, and nobody looks into it.
    let _ = rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable);
    // Landlock and seccomp do this too, where they are.
    let _ = rustix::thread::set_no_new_privs(true);
    let wanted = |bar| !without.contains(&bar);
    // Landlock opens a descriptor, so it comes before the limits; they are calls, so they come before the filter.
    let landlock = if wanted(Bar::Landlock) { landlock(who) } else { Landlock::Absent };
    let limits = wanted(Bar::Limits) && limit(who, limits);
    let seccomp = wanted(Bar::Seccomp) && calls::filter(who).is_some();
    Confinement { landlock, seccomp, limits }
}

fn landlock(who: &Who) -> Landlock {
    match ruled(who) {
        Ok(RulesetStatus::FullyEnforced) => Landlock::Whole,
        Ok(RulesetStatus::PartiallyEnforced) => Landlock::Part,
        Ok(RulesetStatus::NotEnforced) | Err(_) => Landlock::Absent,
    }
}

/// Everything is barred that the sixth version of landlock can bar; a kernel with an older one bars what it can.
fn ruled(who: &Who) -> Result<RulesetStatus, RulesetError> {
    let abi = ABI::V6;
    let rules = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(abi))?
        .handle_access(AccessNet::from_all(abi))?
        .scope(Scope::from_all(abi))?
        .create()?;
    let rules = match who {
        Who::Child => rules,
        Who::Ocr(paths) => {
            let reads = AccessFs::Execute | AccessFs::ReadFile | AccessFs::ReadDir;
            rules.add_rules(path_beneath_rules(paths, reads))?
        }
    };
    Ok(rules.restrict_self()?.ruleset)
}

/// Whether every limit holds.
fn limit(who: &Who, limits: Limits) -> bool {
    let files = match who {
        // The three that are open stay so; there will be no other.
        Who::Child => 0,
        Who::Ocr(_) => 64,
    };
    // At the first CPU limit the process is told, at the second killed.
    let seconds = limits.cpu_seconds;
    [
        (Resource::As, limits.memory_bytes, limits.memory_bytes),
        (Resource::Cpu, seconds, seconds.saturating_add(1)),
        (Resource::Nofile, files, files),
        (Resource::Fsize, 0, 0),
        (Resource::Nproc, 0, 0),
        (Resource::Core, 0, 0),
        (Resource::Memlock, 0, 0),
        (Resource::Msgqueue, 0, 0),
    ]
    .into_iter()
    .all(|(resource, soft, hard)| {
        // A limit that is lower already stays: nobody may raise it.
        let held = rustix::process::getrlimit(resource).maximum.unwrap_or(u64::MAX);
        let new = Rlimit { current: Some(soft.min(held)), maximum: Some(hard.min(held)) };
        rustix::process::setrlimit(resource, new).is_ok()
    })
}
