//! Formats text for an operator's terminal.

use inbound::printable;

/// Formats rows as a table. Each column is as wide as its widest cell; the first row is the header.
pub fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let column_width = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: [usize; N] = std::array::from_fn(column_width);
    let mut text = String::new();
    for row in rows {
        let cells = row
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:width$}"));
        text += cells.collect::<Vec<_>>().join("  ").trim_end();
        text.push('\n');
    }
    text
}

/// Formats names and values below a heading. Empty if there are no rows.
pub fn section(heading: &str, rows: impl IntoIterator<Item = (String, String)>) -> String {
    let rows: Vec<(String, String)> = rows
        .into_iter()
        .map(|(name, value)| (printable(&name), printable(&value)))
        .collect();
    let width = rows
        .iter()
        .map(|(name, _)| name.chars().count())
        .max()
        .unwrap_or_default();
    let indent = if heading.is_empty() { "" } else { "  " };
    let mut text = String::new();
    if !heading.is_empty() && !rows.is_empty() {
        text += &format!("\n{heading}\n");
    }
    for (name, value) in rows {
        text += &format!("{indent}{name:width$}  {value}\n");
    }
    text
}

/// Formats a time of the table to the second, without `T` and `Z`.
pub fn time(moment: &str) -> String {
    let seconds = moment.get(..19).unwrap_or(moment);
    printable(&seconds.replace('T', " "))
}
