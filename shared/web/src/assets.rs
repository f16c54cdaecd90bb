//! Style and script of the pages. Each page carries both, so comments and indentation are left out at compile time.

/// Style and script of a screen, for all its pages. On a page they follow those of the toolkit.
#[derive(Clone, Copy, Debug)]
pub struct Assets {
    /// CSS. Read by [`asset!`](crate::asset).
    pub style: &'static str,
    /// JavaScript. Read by [`asset!`](crate::asset). `assets/screen.js` documents the object `inapp` that a script
    /// can use.
    pub script: &'static str,
}

impl Assets {
    /// No style and no script.
    pub const NONE: Self = Self {
        style: "",
        script: "",
    };
}

/// The content of a `.css` or `.js` file at a path relative to the calling file, without empty lines, lines that
/// are only a comment, and indentation. Evaluated at compile time.
///
/// A comment must stand on lines of its own: `//` at the start of each line, or `/* ... */` on one line. In
/// JavaScript a text in backticks must end on its line, because the indentation of the next line would be lost. A
/// file that breaks the latter rule does not compile.
#[macro_export]
macro_rules! asset {
    ($path:literal) => {{
        const SOURCE: &str = include_str!($path);
        const LENGTH: usize = $crate::minified_length(SOURCE);
        const BYTES: [u8; LENGTH] = $crate::minified(SOURCE);
        const TEXT: &str = match core::str::from_utf8(&BYTES) {
            Ok(text) => text,
            Err(_) => unreachable!(),
        };
        TEXT
    }};
}

/// Length of the minified source, in bytes. For [`asset!`](crate::asset).
#[doc(hidden)]
pub const fn minified_length(source: &str) -> usize {
    minify(source.as_bytes(), &mut [])
}

/// The minified source. For [`asset!`](crate::asset). `LENGTH` comes from [`minified_length`].
#[doc(hidden)]
pub const fn minified<const LENGTH: usize>(source: &str) -> [u8; LENGTH] {
    let mut output = [0; LENGTH];
    minify(source.as_bytes(), &mut output);
    output
}

/// Writes the minified source to `output`, unless that is empty, and returns its length.
const fn minify(source: &[u8], output: &mut [u8]) -> usize {
    let mut length = 0;
    let mut start = 0;
    while start < source.len() {
        let mut end = start;
        while end < source.len() && source[end] != b'\n' {
            end += 1;
        }
        while start < end && (source[start] == b' ' || source[start] == b'\t') {
            start += 1;
        }
        if !is_dropped(source, start, end) {
            let mut backticks = 0;
            while start < end {
                backticks += (source[start] == b'`') as usize;
                if !output.is_empty() {
                    output[length] = source[start];
                }
                length += 1;
                start += 1;
            }
            assert!(
                backticks.is_multiple_of(2),
                "a text in backticks must end on its line"
            );
            if !output.is_empty() {
                output[length] = b'\n';
            }
            length += 1;
        }
        start = end + 1;
    }
    length
}

/// Whether the line from `start` to `end`, without indentation, is empty or only a comment.
const fn is_dropped(source: &[u8], start: usize, end: usize) -> bool {
    if start == end {
        return true;
    }
    if end - start < 2 || source[start] != b'/' {
        return false;
    }
    let block_comment = end - start >= 4 && source[start + 1] == b'*' && ends_comment(source, start + 2, end);
    source[start + 1] == b'/' || block_comment
}

/// Whether the only `*/` between `start` and `end` is at the end.
const fn ends_comment(source: &[u8], start: usize, end: usize) -> bool {
    let mut at = start;
    while at + 1 < end {
        if source[at] == b'*' && source[at + 1] == b'/' {
            return at + 2 == end;
        }
        at += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minified_text(source: &str) -> String {
        let mut output = vec![0; minified_length(source)];
        minify(source.as_bytes(), &mut output);
        String::from_utf8(output).unwrap()
    }

    #[test]
    fn comment_lines_empty_lines_and_indentation_are_left_out() {
        for (source, expected) in [
            ("", ""),
            ("\n\n", ""),
            ("// a\n  a();\n\n\t// b\n    b();", "a();\nb();\n"),
            ("/* a */\n.a{b:c}\n  /* b */\n", ".a{b:c}\n"),
            ("a = b / c;\n/d/.test(e);\n", "a = b / c;\n/d/.test(e);\n"),
            ("a(\"//\"); // b\n", "a(\"//\"); // b\n"),
            ("/* a */ .b{c:d} /* e */\n", "/* a */ .b{c:d} /* e */\n"),
            ("/*/\n", "/*/\n"),
            ("a(`é ${b}`);\n", "a(`é ${b}`);\n"),
        ] {
            assert_eq!(minified_text(source), expected, "{source:?}");
        }
    }

    #[test]
    #[should_panic(expected = "must end on its line")]
    fn a_text_in_backticks_that_spans_lines_is_refused() {
        minified_text("a(`b\n  c`);\n");
    }
}
