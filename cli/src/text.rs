//! Text for an operator's terminal.

/// Rows, the first of them a head, in columns as wide as they have to be.
pub fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: [usize; N] = std::array::from_fn(width);
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

/// Names and values below a heading; nothing if there are none.
pub fn section(heading: &str, rows: impl IntoIterator<Item = (String, String)>) -> String {
    let rows: Vec<(String, String)> = rows
        .into_iter()
        .map(|(name, value)| (plain(&name), plain(&value)))
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

/// A moment of the table, to the second and without its `T` and `Z`.
pub fn time(moment: &str) -> String {
    let seconds = moment.get(..19).unwrap_or(moment);
    plain(&seconds.replace('T', " "))
}

/// Without what a terminal would obey: traders wrote some of these texts.
pub fn plain(text: &str) -> String {
    let hidden = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars()
        .map(|letter| if hidden(letter) { ' ' } else { letter })
        .collect()
}
