//! Who is locked in → the system calls that are left to it.
//!
//! A child of ours that makes any other call is killed on the spot: it has no reason to, so a document drives it, and it
//! shall not try a second one. The OCR program is somebody else's, of changing versions, and asks for comforts: it is
//! told that it may not (EPERM) and goes on without.

use std::collections::BTreeMap;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch,
};

use super::Who;

/// Memory, time, and the way out, also that of a panic or an abort. Reading and writing are with their descriptors below.
const CHILD: &[i64] = &[
    libc::SYS_close,
    libc::SYS_brk,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_futex,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_gettimeofday,
    libc::SYS_restart_syscall,
    libc::SYS_getrandom,
    libc::SYS_sigaltstack,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// Besides those: being executed and linked, reading files, asking where it runs. Which files, landlock says.
const OCR: &[i64] = &[
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_execve,
    libc::SYS_mmap,
    libc::SYS_mprotect,
    libc::SYS_openat,
    libc::SYS_newfstatat,
    libc::SYS_fstat,
    libc::SYS_statx,
    libc::SYS_statfs,
    libc::SYS_fstatfs,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_readlinkat,
    libc::SYS_getdents64,
    libc::SYS_getcwd,
    libc::SYS_lseek,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_fadvise64,
    libc::SYS_dup,
    libc::SYS_dup3,
    libc::SYS_fcntl,
    libc::SYS_ppoll,
    libc::SYS_prlimit64,
    libc::SYS_getrusage,
    libc::SYS_times,
    libc::SYS_clock_getres,
    libc::SYS_sysinfo,
    libc::SYS_uname,
    libc::SYS_getuid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getegid,
    libc::SYS_getppid,
    libc::SYS_set_tid_address,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_membarrier,
];

/// Older names of the same, which only this architecture has.
#[cfg(target_arch = "x86_64")]
const OCR_OLD: &[i64] = &[
    libc::SYS_arch_prctl,
    libc::SYS_open,
    libc::SYS_stat,
    libc::SYS_lstat,
    libc::SYS_access,
    libc::SYS_readlink,
    libc::SYS_getdents,
    libc::SYS_dup2,
    libc::SYS_poll,
    libc::SYS_time,
    libc::SYS_getrlimit,
];
#[cfg(not(target_arch = "x86_64"))]
const OCR_OLD: &[i64] = &[];

/// Bars every other call, from now on and for every thread. None where the kernel cannot.
pub(super) fn filter(who: &Who) -> Option<()> {
    let otherwise = match who {
        Who::Child => SeccompAction::KillProcess,
        Who::Ocr(_) => SeccompAction::Errno(libc::EPERM.unsigned_abs()),
    };
    let architecture = TargetArch::try_from(std::env::consts::ARCH).ok()?;
    let filter = SeccompFilter::new(allowed(who)?, otherwise, SeccompAction::Allow, architecture).ok()?;
    let program: BpfProgram = filter.try_into().ok()?;
    seccompiler::apply_filter_all_threads(&program).ok()
}

/// Each call with the rules of its arguments, one of which must hold; without any, it is always allowed.
fn allowed(who: &Who) -> Option<BTreeMap<i64, Vec<SeccompRule>>> {
    let mut calls: BTreeMap<i64, Vec<SeccompRule>> = CHILD.iter().map(|call| (*call, Vec::new())).collect();
    // A signal to itself only: how an abort ends.
    let own = u64::try_from(rustix::process::getpid().as_raw_nonzero().get()).ok()?;
    calls.insert(libc::SYS_tgkill, vec![only(0, SeccompCmpOp::Eq, own)?]);
    match who {
        Who::Child => {
            // Standard input, output and error; whatever else whoever started the daemon left open is not for it.
            calls.insert(libc::SYS_read, vec![only(0, SeccompCmpOp::Eq, 0)?]);
            for call in [libc::SYS_write, libc::SYS_writev] {
                calls.insert(call, vec![only(0, SeccompCmpOp::Eq, 1)?, only(0, SeccompCmpOp::Eq, 2)?]);
            }
            // Memory that cannot be executed: no code but ours.
            let executable = u64::try_from(libc::PROT_EXEC).ok()?;
            for call in [libc::SYS_mmap, libc::SYS_mprotect] {
                calls.insert(call, vec![only(2, SeccompCmpOp::MaskedEq(executable), 0)?]);
            }
        }
        Who::Ocr(_) => calls.extend(OCR.iter().chain(OCR_OLD).map(|call| (*call, Vec::new()))),
    }
    Some(calls)
}

/// The rule that this argument is so.
fn only(argument: u8, holds: SeccompCmpOp, value: u64) -> Option<SeccompRule> {
    let condition = SeccompCondition::new(argument, SeccompCmpArgLen::Dword, holds, value).ok()?;
    SeccompRule::new(vec![condition]).ok()
}
