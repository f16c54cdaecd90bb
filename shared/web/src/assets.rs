//! Style and script of the pages.

/// Style and script of a screen, for all its pages. On a page they follow those of the toolkit.
#[derive(Clone, Copy, Debug)]
pub struct Assets {
    /// CSS.
    pub style: &'static str,
    /// JavaScript. `assets/screen.js` documents the object `inapp` that a script
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
