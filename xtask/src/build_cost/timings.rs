//! What `cargo build --timings` tells of one build.

use serde::Deserialize;

/// What stands before the units in the report, a line of JavaScript.
const UNITS: &str = "const UNIT_DATA = ";

/// What the compiler was started for once, or a build script.
#[derive(Debug, PartialEq, Deserialize)]
pub(super) struct Unit {
    pub(super) name: String,
    pub(super) version: String,
    /// Which target of the crate, if not its library.
    pub(super) target: String,
    /// How long it took, in seconds.
    pub(super) duration: f64,
}

impl Unit {
    /// The crate with its version, and the target.
    pub(super) fn title(&self) -> String {
        format!("{} {}{}", self.name, self.version, self.target)
    }
}

/// The units of a report, the longest first; none if it does not have the form that is known here.
pub(super) fn units(report: &str) -> Option<Vec<Unit>> {
    let (_, data) = report.split_once(UNITS)?;
    // What follows the list is another line of the script.
    let mut values = serde_json::Deserializer::from_str(data).into_iter::<Vec<Unit>>();
    let mut units = values.next()?.ok()?;
    units.sort_by(|a, b| b.duration.total_cmp(&a.duration));
    Some(units)
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = r#"<script>
DURATION = 3;
const UNIT_DATA = [
  {"i": 0, "name": "short", "version": "1.0.0", "mode": "todo", "target": "", "duration": 0.5},
  {"i": 1, "name": "long", "version": "2.0.0", "mode": "run-custom-build", "target": " build script (run)", "duration": 2.25}
];
const CONCURRENCY_DATA = [];
</script>"#;

    #[test]
    fn the_longest_comes_first() {
        let titles: Vec<String> = units(REPORT).unwrap_or_default().iter().map(Unit::title).collect();
        assert_eq!(titles, ["long 2.0.0 build script (run)", "short 1.0.0"]);
    }

    #[test]
    fn another_form_is_none() {
        assert_eq!(units("<html></html>"), None);
        assert_eq!(units("const UNIT_DATA = [{\"name\": 3}];"), None);
    }
}
