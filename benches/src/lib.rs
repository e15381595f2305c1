//! What Belcheer costs beside its peers: whole programs in one run, kernels one by one.
//!
//! This crate knows how to run programs alternately and what each run cost, how to tell whether two programs gave
//! the same answer, and how to write both down. It never computes an answer of its own, and holds no workload: those
//! are generated.
//!
//! - [`measure`]: one run of a program: processor time, wall time, peak memory, instructions
//! - [`alternate`]: several programs on the same work, turn by turn
//! - [`place`]: where the programs, environments and workloads are
//! - [`workload`]: the comparisons
//! - [`agreement`]: whether answers agree
//! - [`machine`], [`report`]: what it ran on, and the page that is written
//! - [`synthetic`]: small inputs for the kernel benches

pub mod agreement;
pub mod alternate;
pub mod machine;
pub mod measure;
pub mod numpy;
pub mod place;
pub mod report;
pub mod synthetic;
pub mod workload;
