//! seccomp: calls of the system that no reader of files needs fail, or end the process.
//!
//! Calls that a library may try in passing (sockets, other processes) fail with "not permitted", so that a sound file
//! is still read. Calls that only an attack makes (running a program, tracing, mounting, loading code into the kernel)
//! end the process. Threads can be started, processes cannot.

use std::collections::BTreeMap;

use libc::{CLONE_THREAD, c_long};
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen as Length, SeccompCmpOp as Is, SeccompCondition as When,
    SeccompFilter, SeccompRule, TargetArch, apply_filter,
};

use super::Hold;

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

/// Fail: the network, other processes, and ways around both.
const REFUSED: [c_long; 27] = [
    libc::SYS_socket,
    libc::SYS_socketpair,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_listen,
    libc::SYS_accept,
    libc::SYS_accept4,
    libc::SYS_sendto,
    libc::SYS_sendmsg,
    libc::SYS_sendmmsg,
    libc::SYS_recvfrom,
    libc::SYS_recvmsg,
    libc::SYS_recvmmsg,
    libc::SYS_setsockopt,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_pidfd_open,
    libc::SYS_pidfd_getfd,
    libc::SYS_pidfd_send_signal,
    libc::SYS_rt_sigqueueinfo,
    libc::SYS_rt_tgsigqueueinfo,
    libc::SYS_shmget,
    libc::SYS_msgget,
    libc::SYS_mq_open,
    libc::SYS_userfaultfd,
    libc::SYS_open_by_handle_at,
];

/// End the process.
const FATAL: [c_long; 29] = [
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_kexec_load,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_sethostname,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_setuid,
    libc::SYS_setgid,
    libc::SYS_acct,
];

/// Closes the calls for this thread and those it starts; the process has no others yet.
pub(super) fn close() -> Hold {
    let done = filters()
        .map_err(|e| e.to_string())
        .and_then(|filters| filters.iter().try_for_each(|filter| apply_filter(filter).map_err(|e| e.to_string())));
    match done {
        Ok(()) => Hold::Full,
        Err(reason) => {
            tracing::warn!(reason, "calls of the system cannot be closed");
            Hold::Absent
        }
    }
}

fn filters() -> Result<[BpfProgram; 3], BackendError> {
    // its flags lie in memory, where a filter cannot look: without it the C library uses the older call
    let unknown = whole(&[libc::SYS_clone3]);
    let mut refused = whole(&REFUSED);
    refused.extend(old_calls());
    let own = u64::from(std::process::id());
    let without_threads = When::new(0, Length::Qword, Is::MaskedEq(CLONE_THREAD as u64), 0)?;
    let to_others = || When::new(0, Length::Dword, Is::Ne, own);
    refused.insert(libc::SYS_clone, vec![SeccompRule::new(vec![without_threads])?]);
    refused.insert(libc::SYS_kill, vec![SeccompRule::new(vec![to_others()?])?]);
    refused.insert(libc::SYS_tgkill, vec![SeccompRule::new(vec![to_others()?])?]);
    // limits of this process may be lowered, those of others not touched
    let of_others = When::new(0, Length::Dword, Is::Ne, 0)?;
    refused.insert(libc::SYS_prlimit64, vec![SeccompRule::new(vec![of_others, to_others()?])?]);
    Ok([
        filter(unknown, SeccompAction::Errno(libc::ENOSYS as u32))?,
        filter(refused, SeccompAction::Errno(libc::EPERM as u32))?,
        filter(whole(&FATAL), SeccompAction::KillProcess)?,
    ])
}

fn whole(calls: &[c_long]) -> Rules {
    calls.iter().map(|call| (*call, Vec::new())).collect()
}

/// Older calls for starting processes, and calls of the 32-bit-pointer form, which newer machines do not have.
#[cfg(target_arch = "x86_64")]
fn old_calls() -> Rules {
    /// Marks a call of the x32 form.
    const X32: c_long = 0x4000_0000;
    let own_numbers = [520, 545, 521, 522, 524, 528, 536, 537, 538, 539, 540];
    let kept_numbers = REFUSED.iter().chain(&FATAL).copied().chain([libc::SYS_clone, libc::SYS_clone3]);
    let x32 = kept_numbers.chain(own_numbers).map(|call| call | X32);
    x32.chain([libc::SYS_fork, libc::SYS_vfork]).map(|call| (call, Vec::new())).collect()
}

/// As above: there are none.
#[cfg(not(target_arch = "x86_64"))]
fn old_calls() -> Rules {
    Rules::new()
}

fn filter(rules: Rules, action: SeccompAction) -> Result<BpfProgram, BackendError> {
    let machine: TargetArch = std::env::consts::ARCH.try_into()?;
    SeccompFilter::new(rules, SeccompAction::Allow, action, machine)?.try_into()
}
