//! What was measured, as tables and as JSON.

use std::fmt::Write;
use std::time::Duration;

use serde::Serialize;

use crate::Problem;
use crate::binaries::HELLO;
use crate::life::Life;
use crate::statistics::{median, percentile};

/// All that was measured.
#[derive(Serialize)]
pub(crate) struct Report {
    pub(crate) rounds: usize,
    pub(crate) trusted_roots: usize,
    pub(crate) sizes: Vec<Sizes>,
    /// The first is the one at full CPU.
    pub(crate) runs: Vec<Run>,
}

/// What a binary takes.
#[derive(Serialize)]
pub(crate) struct Sizes {
    pub(crate) name: &'static str,
    pub(crate) binary_bytes: usize,
    pub(crate) gzipped_bytes: usize,
}

/// All binaries under one CPU quota.
#[derive(Serialize)]
pub(crate) struct Run {
    /// Memory size of Lambda that buys the quota, in MB; none is full CPU.
    pub(crate) memory: Option<u32>,
    /// Requests to each process after its first.
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
    /// The redemption call alone, where one is made.
    pub(crate) redemption_p50_ms: Option<f64>,
    /// What a request takes beside its redemption: taken of each request, and then the median.
    pub(crate) beside_redemption_p50_ms: Option<f64>,
    pub(crate) resident_kib: f64,
    pub(crate) peak_kib: f64,
    pub(crate) page_bytes: usize,
}

impl Summary {
    pub(crate) fn of(lives: &[Life]) -> Self {
        let medians = |of: &dyn Fn(&Life) -> f64| median(&lives.iter().map(of).collect::<Vec<_>>());
        let redeems = lives.iter().all(|life| !life.redemption_ms.is_empty());
        Self {
            init_ms: medians(&|life| milliseconds(life.init)),
            first_ms: medians(&|life| milliseconds(life.first)),
            warm_p50_ms: medians(&|life| percentile(&warm(life), 50)),
            warm_p99_ms: medians(&|life| percentile(&warm(life), 99)),
            redemption_p50_ms: redeems.then(|| medians(&|life| percentile(&life.redemption_ms, 50))),
            beside_redemption_p50_ms: redeems.then(|| medians(&|life| percentile(&beside(life), 50))),
            resident_kib: medians(&|life| life.resident as f64),
            peak_kib: medians(&|life| life.peak as f64),
            page_bytes: lives.iter().map(|life| life.page).max().unwrap_or_default(),
        }
    }
}

fn warm(life: &Life) -> Vec<f64> {
    life.warm.iter().copied().map(milliseconds).collect()
}

fn beside(life: &Life) -> Vec<f64> {
    let pairs = warm(life).into_iter().zip(&life.redemption_ms);
    pairs.map(|(all, redemption)| all - redemption).collect()
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

/// One of the aims, and how far each function is.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct Aim {
    pub(crate) what: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) at_most: f64,
    /// The function that is farthest from it, or nearest to missing it.
    pub(crate) worst: &'static str,
    pub(crate) value: f64,
    pub(crate) met: bool,
}

impl Report {
    /// Whether the aims are met at full CPU.
    pub(crate) fn aims(&self) -> Vec<Aim> {
        let Some(run) = self.runs.first() else {
            return Vec::new();
        };
        let hello = self.hello(run);
        let each = |what, unit, at_most, value: &dyn Fn(&Sizes, &Summary) -> Option<f64>| {
            let functions = self
                .sizes
                .iter()
                .zip(&run.functions)
                .filter(|(sizes, _)| sizes.name != HELLO);
            let (worst, value) = functions
                .filter_map(|(sizes, function)| Some((sizes.name, value(sizes, function)?)))
                .max_by(|(_, one), (_, other)| one.total_cmp(other))?;
            Some(Aim {
                what,
                unit,
                at_most,
                worst,
                value,
                met: value <= at_most,
            })
        };
        let aims = [
            each("init, against the hello's", "x", 3.0, &|_, function| {
                Some(function.init_ms / hello?.init_ms)
            }),
            each("warm p50 beside the redemption", "ms", 0.1, &|_, function| {
                function.beside_redemption_p50_ms
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
        aims.into_iter().flatten().collect()
    }

    /// For people.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for run in &self.runs {
            let _ = writeln!(
                text,
                "\n{}: medians of {} processes each, {} warm requests to each process\n",
                capitalised(&under(run.memory)),
                self.rounds,
                run.warm
            );
            text += &align(&self.rows(run));
        }
        text += "\nBinaries\n\n";
        text += &align(&self.size_rows());
        text += "\nAims, at full CPU, by the function that is worst\n\n";
        let rows = self.aims().into_iter().map(|aim| {
            vec![
                (if aim.met { "met" } else { "MISSED" }).to_owned(),
                aim.what.to_owned(),
                format!("{:.2} {}", aim.value, aim.unit),
                format!("of at most {} {}", aim.at_most, aim.unit),
                aim.worst.to_owned(),
            ]
        });
        text += &align(&rows.collect::<Vec<_>>());
        text
    }

    /// For programs: the same, not rounded.
    pub(crate) fn json(&self) -> Result<String, Problem> {
        let mut json = serde_json::to_value(self)?;
        json["aims"] = serde_json::to_value(self.aims())?;
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
                "beside it",
                "memory",
                "",
                "peak",
                "page",
            ]
            .map(str::to_owned)
            .to_vec(),
        ];
        let nothing = Summary::default();
        let hello = self.hello(run).unwrap_or(&nothing);
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
                optional(function.beside_redemption_p50_ms),
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
            let against = |value: usize, of: fn(&Sizes) -> usize| match hello {
                Some(hello) => ratio(value as f64, of(hello) as f64),
                None => String::new(),
            };
            rows.push(vec![
                sizes.name.to_owned(),
                format!("{:.2} MB", megabytes(sizes.binary_bytes as f64)),
                against(sizes.binary_bytes, |sizes| sizes.binary_bytes),
                format!("{:.2} MB", megabytes(sizes.gzipped_bytes as f64)),
                against(sizes.gzipped_bytes, |sizes| sizes.gzipped_bytes),
            ]);
        }
        rows
    }
}

/// How a run is called.
pub(crate) fn under(memory: Option<u32>) -> String {
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

/// Of 1,000,000 bytes.
fn megabytes(bytes: f64) -> f64 {
    bytes / 1_000_000.0
}

/// Of 1,000 bytes.
fn kilobytes(bytes: usize) -> f64 {
    bytes as f64 / 1_000.0
}

/// Columns: the first flush left, the others flush right.
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

    fn life(init: u64, warm: &[u64], redemption_ms: &[f64]) -> Life {
        Life {
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
                    Summary::of(&[life(5, &[1], &[])]),
                    Summary::of(&[life(10, &[3], &[2.5])]),
                ],
            }],
        }
    }

    #[test]
    fn a_summary_is_of_medians_over_processes() {
        let lives = [
            life(9, &[4, 4, 9], &[1.0, 2.0, 1.0]),
            life(2, &[5, 5, 5], &[1.0, 1.0, 1.0]),
            life(4, &[6, 6, 6], &[1.0, 1.0, 1.0]),
        ];
        let summary = Summary::of(&lives);
        assert_eq!(summary.init_ms, 4.0);
        assert_eq!(summary.warm_p50_ms, 5.0);
        assert_eq!(summary.redemption_p50_ms, Some(1.0));
        // Of the first process 3, 2 and 8; of the others 4 and 5.
        assert_eq!(summary.beside_redemption_p50_ms, Some(4.0));
    }

    #[test]
    fn a_function_that_redeems_nothing_has_no_time_for_it() {
        assert_eq!(Summary::of(&[life(9, &[4], &[])]).redemption_p50_ms, None);
    }

    #[test]
    fn aims_are_judged_by_the_worst_function_and_not_by_the_hello() {
        let aims = report().aims();
        let met: Vec<(f64, bool)> = aims.iter().map(|aim| (aim.value, aim.met)).collect();
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
        assert!(aims.iter().all(|aim| aim.worst == "chat"));
    }

    #[test]
    fn the_table_has_ratios_to_the_hello() {
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
    fn json_tells_the_aims_too() {
        let json: serde_json::Value = serde_json::from_str(&report().json().unwrap()).unwrap();
        assert_eq!(json["runs"][0]["functions"][1]["init_ms"], 10.0);
        assert_eq!(json["aims"][3]["met"], false);
    }

    #[test]
    fn columns_are_aligned() {
        let rows = [["a", "1"], ["bcd", "100"]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(align(&rows), "a      1\nbcd  100\n");
    }
}
