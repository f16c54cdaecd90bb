//! Finds out whether `sam build` and `sam deploy` would take the same processor architecture from `samconfig.toml`.

use toml::de::{DeTable, DeValue};

/// The default of the template's parameter `Architecture`.
const DEFAULT: &str = "arm64";

/// What is wrong with a `samconfig.toml`, one line for each of its environments: `sam build` would build for one
/// architecture and `sam deploy` deploy for another, so no function could start.
///
/// `sam deploy --guided` saves its answers for `deploy` only. A command takes `parameter_overrides` of its own section,
/// or, if that has none, of the section `global`. It does not merge the two.
pub fn architecture_conflicts(samconfig: &str) -> Vec<String> {
    let (file, _) = DeTable::parse_recoverable(samconfig);
    let environments = file.get_ref().iter();
    environments
        .filter_map(|(name, environment)| {
            let name: &str = name.get_ref();
            let environment = table(environment.get_ref())?;
            let [built, deployed] = ["build", "deploy"].map(|command| architecture(environment, command));
            (built != deployed).then(|| {
                format!(
                    "samconfig.toml: `sam build` takes the Architecture {built} and `sam deploy` {deployed}, so no \
                     function could start. Move parameter_overrides to [{name}.global.parameters], which both read"
                )
            })
        })
        .collect()
}

/// The architecture that a command takes in an environment.
fn architecture(environment: &DeTable<'_>, command: &str) -> String {
    let overrides = |section: &str| {
        let section = table(environment.get(section)?.get_ref())?;
        let parameters = table(section.get("parameters")?.get_ref())?;
        Some(text(parameters.get("parameter_overrides")?.get_ref()))
    };
    let own = overrides(command).or_else(|| overrides("global"));
    own.and_then(|overrides| {
        let (_, value) = overrides.split_once("Architecture=")?;
        let value = value.trim_start_matches(['\\', '"', '\'']);
        let end = value.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        Some(value[..end.unwrap_or(value.len())].to_owned())
    })
    .unwrap_or_else(|| DEFAULT.to_owned())
}

fn table<'t, 'i>(value: &'t DeValue<'i>) -> Option<&'t DeTable<'i>> {
    match value {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}

/// The overrides as one line. SAM takes a text or a list of texts.
fn text(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| text(item.get_ref())).collect();
            items.join(" ")
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUIDED: &str =
        "parameter_overrides = \"CTraderBaseUrl=\\\"https://c.example.com\\\" Architecture=\\\"x86_64\\\"\"";

    #[test]
    fn what_guided_saves_for_deploy_only_conflicts() {
        let file = format!("version = 0.1\n[default.deploy.parameters]\n{GUIDED}\n");
        let conflicts = architecture_conflicts(&file);
        assert_eq!(conflicts.len(), 1);
        assert!(conflicts[0].contains("x86_64") && conflicts[0].contains("[default.global.parameters]"));
        let staging = file.replace("default", "staging");
        assert!(architecture_conflicts(&staging)[0].contains("[staging.global.parameters]"));
    }

    #[test]
    fn what_is_saved_for_both_does_not_conflict() {
        for file in [
            format!("[default.global.parameters]\n{GUIDED}\n"),
            format!("[default.build.parameters]\n{GUIDED}\n[default.deploy.parameters]\n{GUIDED}\n"),
            "[default.deploy.parameters]\nparameter_overrides = [\"Architecture=arm64\"]\n".to_owned(),
            "version = 0.1\n".to_owned(),
            String::new(),
        ] {
            assert_eq!(architecture_conflicts(&file), Vec::<String>::new(), "{file}");
        }
    }

    #[test]
    fn the_overrides_of_a_command_replace_the_global_ones() {
        let file = format!(
            "[default.global.parameters]\n{GUIDED}\n[default.deploy.parameters]\nparameter_overrides = [\"MemorySize=256\"]\n"
        );
        assert_eq!(architecture_conflicts(&file).len(), 1);
    }

    #[test]
    fn the_file_of_this_repository_has_no_conflict() {
        let file = include_str!("../../../samconfig.toml");
        assert_eq!(architecture_conflicts(file), Vec::<String>::new());
    }
}
