//! The share of a CPU that Lambda gives to a memory size, as a Linux control group.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::Problem;

/// Memory size at which a function has one whole CPU (AWS Lambda Developer Guide, "Configure Lambda function
/// memory").
const MEMORY_OF_ONE_CPU: u64 = 1_769;

/// A quota is CPU time per period. A process that has used it up waits for the next period.
pub(crate) const PERIOD: Duration = Duration::from_millis(20);

/// A control group with a CPU quota; removed when dropped.
pub(crate) struct CpuQuota {
    group: PathBuf,
}

impl CpuQuota {
    /// The quota of a memory size in MB.
    pub(crate) fn new(memory: u32) -> Result<Self, Problem> {
        let name = format!("inapp-bench-{}-{memory}", std::process::id());
        let version = Version::detect().ok_or("this machine has no control groups for the CPU")?;
        let quota = Self {
            group: version.root().join(name),
        };
        fs::create_dir(&quota.group)
            .and_then(|()| version.limit(&quota.group, microseconds(memory)))
            .map_err(|error| {
                format!(
                    "no CPU quota can be set here ({}: {error}); it needs root, and write access to control groups",
                    quota.group.display()
                )
            })?;
        Ok(quota)
    }

    /// The file with the process ids of the group. Writing an id puts that process under the quota.
    pub(crate) fn members(&self) -> PathBuf {
        self.group.join("cgroup.procs")
    }
}

impl Drop for CpuQuota {
    fn drop(&mut self) {
        let _ = fs::remove_dir(&self.group);
    }
}

/// The two versions of Linux control groups.
enum Version {
    One,
    Two,
}

impl Version {
    fn detect() -> Option<Self> {
        let controllers = fs::read_to_string("/sys/fs/cgroup/cgroup.controllers").unwrap_or_default();
        if controllers
            .split_whitespace()
            .any(|controller| controller == "cpu")
        {
            Some(Self::Two)
        } else if Path::new("/sys/fs/cgroup/cpu/cpu.cfs_quota_us").exists()
            || Path::new("/sys/fs/cgroup/cpu/cgroup.procs").exists()
        {
            Some(Self::One)
        } else {
            None
        }
    }

    fn root(&self) -> &'static Path {
        Path::new(match self {
            Self::One => "/sys/fs/cgroup/cpu",
            Self::Two => "/sys/fs/cgroup",
        })
    }

    fn limit(&self, group: &Path, quota: u64) -> std::io::Result<()> {
        let period = PERIOD.as_micros();
        match self {
            Self::One => {
                fs::write(group.join("cpu.cfs_period_us"), period.to_string())?;
                fs::write(group.join("cpu.cfs_quota_us"), quota.to_string())
            }
            Self::Two => {
                let maximum = group.join("cpu.max");
                if !maximum.exists() {
                    fs::write(self.root().join("cgroup.subtree_control"), "+cpu")?;
                }
                fs::write(maximum, format!("{quota} {period}"))
            }
        }
    }
}

/// CPU time in each period for a memory size in MB.
fn microseconds(memory: u32) -> u64 {
    let period = u64::try_from(PERIOD.as_micros()).unwrap_or(u64::MAX);
    period * u64::from(memory) / MEMORY_OF_ONE_CPU
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_time_is_proportional_to_memory() {
        assert_eq!(microseconds(1_769), 20_000);
        assert_eq!(microseconds(128), 1_447);
        assert_eq!(microseconds(3_538), 40_000);
    }
}
