//! The results, as tables and as JSON.

use std::fmt::Write;
use std::time::Duration;

use serde::Serialize;

use crate::Problem;
use crate::binaries::HELLO;
use crate::process_run::ProcessRun;
use crate::statistics::{median, percentile};

/// All results.
#[derive(Serialize)]
pub(crate) struct Report {
    pub(crate) rounds: usize,
    pub(crate) trusted_roots: usize,
    pub(crate) sizes: Vec<Sizes>,
    /// The first run is at full CPU.
    pub(crate) runs: Vec<Run>,
}

/// The sizes of a binary.
#[derive(Serialize)]
pub(crate) struct Sizes {
    pub(crate) name: &'static str,
    pub(crate) binary_bytes: usize,
    pub(crate) gzipped_bytes: usize,
}

/// All binaries under one CPU quota.
#[derive(Serialize)]
pub(crate) struct Run {
    /// Memory size of Lambda that the CPU quota belongs to, in MB; `None` is full CPU.
    pub(crate) memory: Option<u32>,
    /// Requests to each process after the first.
    pub(crate) warm: usize,
    /// In the order of [`Report::sizes`].
    pub(crate) functions: Vec<Summary>,
}

/// Medians over the processes of one binary. Times in ms, memory in KiB.
#[derive(Default, Serialize)]
pub(crate) struct Summary {
    pub(crate) init_ms: f64,
    pub(crate) first_ms: f64,
    pub(crate) warm_p50_ms: f64,
    pub(crate) warm_p99_ms: f64,
    /// The redemption call alone, if there is one.
    pub(crate) redemption_p50_ms: Option<f64>,
    /// The median of the request times without the redemption.
    pub(crate) without_redemption_p50_ms: Option<f64>,
    pub(crate) resident_kib: f64,
    pub(crate) peak_kib: f64,
    pub(crate) page_bytes: usize,
}

impl Summary {
    pub(crate) fn new(runs: &[ProcessRun]) -> Self {
        let medians =
            |value: &dyn Fn(&ProcessRun) -> f64| median(&runs.iter().map(value).collect::<Vec<_>>());
        let redeems = runs.iter().all(|run| !run.redemption_ms.is_empty());
        Self {
            init_ms: medians(&|run| milliseconds(run.init)),
            first_ms: medians(&|run| milliseconds(run.first)),
            warm_p50_ms: medians(&|run| percentile(&warm(run), 50)),
            warm_p99_ms: medians(&|run| percentile(&warm(run), 99)),
            redemption_p50_ms: redeems.then(|| medians(&|run| percentile(&run.redemption_ms, 50))),
            without_redemption_p50_ms: redeems
                .then(|| medians(&|run| percentile(&without_redemption(run), 50))),
            resident_kib: medians(&|run| run.resident as f64),
            peak_kib: medians(&|run| run.peak as f64),
            page_bytes: runs.iter().map(|run| run.page).max().unwrap_or_default(),
        }
    }
}

fn warm(run: &ProcessRun) -> Vec<f64> {
    run.warm.iter().copied().map(milliseconds).collect()
}

fn without_redemption(run: &ProcessRun) -> Vec<f64> {
    let pairs = warm(run).into_iter().zip(&run.redemption_ms);
    pairs.map(|(all, redemption)| all - redemption).collect()
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

/// A target, and the function that is closest to it or exceeds it most.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct Target {
    pub(crate) what: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) max: f64,
    /// The function with the largest value.
    pub(crate) worst: &'static str,
    pub(crate) value: f64,
    pub(crate) met: bool,
}

impl Report {
    /// The targets at full CPU.
    pub(crate) fn targets(&self) -> Vec<Target> {
        let Some(run) = self.runs.first() else {
            return Vec::new();
        };
        let hello = self.hello(run);
        let each = |what, unit, max, value: &dyn Fn(&Sizes, &Summary) -> Option<f64>| {
            let functions = self
                .sizes
                .iter()
                .zip(&run.functions)
                .filter(|(sizes, _)| sizes.name != HELLO);
            let (worst, value) = functions
                .filter_map(|(sizes, function)| Some((sizes.name, value(sizes, function)?)))
                .max_by(|(_, one), (_, other)| one.total_cmp(other))?;
            Some(Target {
                what,
                unit,
                max,
                worst,
                value,
                met: value <= max,
            })
        };
        let targets = [
            each("init, relative to hello", "x", 3.0, &|_, function| {
                Some(function.init_ms / hello?.init_ms)
            }),
            each("warm p50 without the redemption", "ms", 0.1, &|_, function| {
                function.without_redemption_p50_ms
            }),
            each("resident memory", "MB", 12.0, &|_, function| {
                Some(megabytes(function.resident_kib * 1024.0))
            }),
            each("gzipped binary", "MB", 3.5, &|sizes, _| {
                Some(megabytes(sizes.gzipped_bytes as f64))
            }),
            each("gzipped page", "KB", 10.0, &|_, function| {
                Some(kilobytes(function.page_bytes))
            }),
        ];
        targets.into_iter().flatten().collect()
    }

    /// The report as tables.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for run in &self.runs {
            let _ = writeln!(
                text,
                "\n{}: medians of {} processes each, {} warm requests to each process\n",
                capitalised(&run_name(run.memory)),
                self.rounds,
                run.warm
            );
            text += &align(&self.rows(run));
        }
        text += "\nBinaries\n\n";
        text += &align(&self.size_rows());
        text += "\nTargets at full CPU, with the worst function\n\n";
        let rows = self.targets().into_iter().map(|target| {
            vec![
                (if target.met { "met" } else { "MISSED" }).to_owned(),
                target.what.to_owned(),
                format!("{:.2} {}", target.value, target.unit),
                format!("of max {} {}", target.max, target.unit),
                target.worst.to_owned(),
            ]
        });
        text += &align(&rows.collect::<Vec<_>>());
        text
    }

    /// The report as JSON, not rounded.
    pub(crate) fn json(&self) -> Result<String, Problem> {
        let mut json = serde_json::to_value(self)?;
        json["targets"] = serde_json::to_value(self.targets())?;
        Ok(serde_json::to_string_pretty(&json)?)
    }

    fn hello<'a>(&self, run: &'a Run) -> Option<&'a Summary> {
        let at = self.sizes.iter().position(|sizes| sizes.name == HELLO)?;
        run.functions.get(at)
    }

    fn rows(&self, run: &Run) -> Vec<Vec<String>> {
        let mut rows = vec![
            [
                "",
                "init",
                "",
                "first",
                "",
                "warm p50",
                "",
                "p99",
                "redemption",
                "without",
                "memory",
                "",
                "peak",
                "page",
            ]
            .map(str::to_owned)
            .to_vec(),
        ];
        let empty = Summary::default();
        let hello = self.hello(run).unwrap_or(&empty);
        for (sizes, function) in self.sizes.iter().zip(&run.functions) {
            let optional = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), ms);
            let memory = |kibibytes: f64| format!("{:.1} MB", megabytes(kibibytes * 1024.0));
            rows.push(vec![
                sizes.name.to_owned(),
                ms(function.init_ms),
                ratio(function.init_ms, hello.init_ms),
                ms(function.first_ms),
                ratio(function.first_ms, hello.first_ms),
                ms(function.warm_p50_ms),
                ratio(function.warm_p50_ms, hello.warm_p50_ms),
                ms(function.warm_p99_ms),
                optional(function.redemption_p50_ms),
                optional(function.without_redemption_p50_ms),
                memory(function.resident_kib),
                ratio(function.resident_kib, hello.resident_kib),
                memory(function.peak_kib),
                format!("{:.1} KB", kilobytes(function.page_bytes)),
            ]);
        }
        rows
    }

    fn size_rows(&self) -> Vec<Vec<String>> {
        let hello = self.sizes.iter().find(|sizes| sizes.name == HELLO);
        let mut rows = vec![["", "binary", "", "gzipped", ""].map(str::to_owned).to_vec()];
        for sizes in &self.sizes {
            let relative = |value: usize, size: fn(&Sizes) -> usize| match hello {
                Some(hello) => ratio(value as f64, size(hello) as f64),
                None => String::new(),
            };
            rows.push(vec![
                sizes.name.to_owned(),
                format!("{:.2} MB", megabytes(sizes.binary_bytes as f64)),
                relative(sizes.binary_bytes, |sizes| sizes.binary_bytes),
                format!("{:.2} MB", megabytes(sizes.gzipped_bytes as f64)),
                relative(sizes.gzipped_bytes, |sizes| sizes.gzipped_bytes),
            ]);
        }
        rows
    }
}

/// The name of a run.
pub(crate) fn run_name(memory: Option<u32>) -> String {
    match memory {
        None => "at full CPU".to_owned(),
        Some(memory) => format!("with the CPU of {memory} MB"),
    }
}

fn capitalised(text: &str) -> String {
    let (first, rest) = text.split_at(text.len().min(1));
    first.to_uppercase() + rest
}

fn ms(value: f64) -> String {
    match value {
        value if value < 10.0 => format!("{value:.2} ms"),
        value => format!("{value:.1} ms"),
    }
}

fn ratio(value: f64, hello: f64) -> String {
    format!("{:.1}x", value / hello)
}

/// In units of 1,000,000 bytes.
fn megabytes(bytes: f64) -> f64 {
    bytes / 1_000_000.0
}

/// In units of 1,000 bytes.
fn kilobytes(bytes: usize) -> f64 {
    bytes as f64 / 1_000.0
}

/// Aligns columns: the first left, the others right.
fn align(rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let width = width(column);
            let _ = match column {
                0 => write!(line, "{cell:<width$}"),
                _ => write!(line, "  {cell:>width$}"),
            };
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(init: u64, warm: &[u64], redemption_ms: &[f64]) -> ProcessRun {
        ProcessRun {
            init: Duration::from_millis(init),
            first: Duration::from_millis(3),
            warm: warm.iter().copied().map(Duration::from_millis).collect(),
            redemption_ms: redemption_ms.to_vec(),
            resident: 10_000,
            peak: 11_000,
            page: 5_000,
        }
    }

    fn report() -> Report {
        let sizes = |name, gzipped_bytes| Sizes {
            name,
            binary_bytes: 2 * gzipped_bytes,
            gzipped_bytes,
        };
        Report {
            rounds: 1,
            trusted_roots: 1,
            sizes: vec![sizes(HELLO, 1_000_000), sizes("chat", 3_600_000)],
            runs: vec![Run {
                memory: None,
                warm: 1,
                functions: vec![
                    Summary::new(&[run(5, &[1], &[])]),
                    Summary::new(&[run(10, &[3], &[2.5])]),
                ],
            }],
        }
    }

    #[test]
    fn a_summary_is_of_medians_over_processes() {
        let runs = [
            run(9, &[4, 4, 9], &[1.0, 2.0, 1.0]),
            run(2, &[5, 5, 5], &[1.0, 1.0, 1.0]),
            run(4, &[6, 6, 6], &[1.0, 1.0, 1.0]),
        ];
        let summary = Summary::new(&runs);
        assert_eq!(summary.init_ms, 4.0);
        assert_eq!(summary.warm_p50_ms, 5.0);
        assert_eq!(summary.redemption_p50_ms, Some(1.0));
        // The first process has 3, 2 and 8 ms; the others 4 and 5 ms.
        assert_eq!(summary.without_redemption_p50_ms, Some(4.0));
    }

    #[test]
    fn a_function_without_redemptions_has_no_redemption_time() {
        assert_eq!(Summary::new(&[run(9, &[4], &[])]).redemption_p50_ms, None);
    }

    #[test]
    fn targets_apply_to_the_worst_function_and_not_to_hello() {
        let targets = report().targets();
        let met: Vec<(f64, bool)> = targets.iter().map(|target| (target.value, target.met)).collect();
        assert_eq!(
            met,
            [
                (2.0, true),
                (0.5, false),
                (10.24, true),
                (3.6, false),
                (5.0, true)
            ]
        );
        assert!(targets.iter().all(|target| target.worst == "chat"));
    }

    #[test]
    fn the_table_has_ratios_to_hello() {
        let text = report().text();
        let chat = text.lines().find(|line| line.starts_with("chat")).unwrap();
        let cells: Vec<&str> = chat.split_whitespace().collect();
        assert_eq!(cells[..7], ["chat", "10.0", "ms", "2.0x", "3.00", "ms", "1.0x"]);
        assert!(
            text.contains("At full CPU: medians of 1 processes each"),
            "{text}"
        );
    }

    #[test]
    fn json_contains_the_targets() {
        let json: serde_json::Value = serde_json::from_str(&report().json().unwrap()).unwrap();
        assert_eq!(json["runs"][0]["functions"][1]["init_ms"], 10.0);
        assert_eq!(json["targets"][3]["met"], false);
    }

    #[test]
    fn columns_are_aligned() {
        let rows = [["a", "1"], ["bcd", "100"]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(align(&rows), "a      1\nbcd  100\n");
    }
}
