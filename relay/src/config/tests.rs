//! Good files, and every kind of bad one.

use super::*;

struct Files(tempfile::TempDir);

impl Files {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("token"), "top-secret\n").unwrap();
        Self(directory)
    }

    fn parse(&self, text: &str, overrides: &Overrides) -> Result<Config, ConfigErrors> {
        Config::parse(text, &self.0.path().join("relay.toml"), overrides)
    }

    fn problems(&self, text: &str) -> Vec<String> {
        self.problems_with(text, &Overrides::default())
    }

    /// Without the folder, which is another one each time.
    fn problems_with(&self, text: &str, overrides: &Overrides) -> Vec<String> {
        let folder = format!("{}/", self.0.path().display());
        let problems = self.parse(text, overrides).unwrap_err().0;
        problems
            .iter()
            .map(|problem| problem.replacen(&folder, "", 1))
            .collect()
    }
}

const GOOD: &str = r#"
url = "http://127.0.0.1:3000"
token_file = "token"
[[database]]
index = 1
name = "region-1"
[[database]]
index = 0
name = "global"
url = "http://other:4000"
"#;

#[test]
fn a_short_file_is_enough() {
    let config = Files::new().parse(GOOD, &Overrides::default()).unwrap();
    let shown: Vec<_> = config
        .databases
        .iter()
        .map(|d| (d.index, d.name.as_str(), d.url.to_string()))
        .collect();
    let expected = [
        (0, "global", "http://other:4000".to_owned()),
        (1, "region-1", "http://127.0.0.1:3000".to_owned()),
    ];
    assert_eq!(shown, expected);
    assert_eq!((config.hold, config.window), (Duration::from_millis(1200), 512));
    assert_eq!(
        (config.drain, config.listen, config.log),
        (Duration::from_secs(5), None, LogFormat::Human)
    );
}

#[test]
fn flags_win_over_the_file() {
    let files = Files::new();
    let other = files.0.path().join("other");
    std::fs::write(&other, "another").unwrap();
    let overrides = Overrides {
        url: Some("http://flag:1".into()),
        token_file: Some(other),
        hold_ms: Some(7),
        window: Some(8),
        listen: Some("127.0.0.1:9".into()),
        log: Some(LogFormat::Json),
        drain_ms: Some(10),
    };
    let text = format!("hold_ms = 1\nwindow = 2\ndrain_ms = 3\nlisten = \"127.0.0.1:4\"\nlog = \"human\"\n{GOOD}");
    let config = files.parse(&text, &overrides).unwrap();
    assert_eq!((config.hold, config.window), (Duration::from_millis(7), 8));
    assert_eq!((config.drain, config.log), (Duration::from_millis(10), LogFormat::Json));
    assert_eq!(config.listen, Some("127.0.0.1:9".parse().unwrap()));
    assert_eq!(config.databases[1].url.to_string(), "http://flag:1");
    assert_eq!(config.databases[1].token.reveal(), "another");
}

#[test]
fn every_mistake_is_found_at_once() {
    let text = r#"
hold = 5
window = 0
listen = "here"
log = "xml"
hold_ms = "soon"
[[database]]
index = 1
name = "A b"
url = "ftp://x"
token_file = "missing"
[[database]]
index = 1
name = "a"
colour = "red"
[[database]]
index = 300
"#;
    let problems = Files::new().problems(text);
    let expected = [
        "relay.toml:2: unknown key 'hold'; the known ones are database, drain_ms, hold_ms, listen, log, token_file, url, window",
        "relay.toml:6: hold_ms is no whole number from 0; write it without quotes",
        "relay.toml:3: window is 0; set it between 1 and 4096",
        "relay.toml:4: listen is 'here'; write an address and a port, like 127.0.0.1:8080",
        "relay.toml:5: log is 'xml'; write \"human\" or \"json\"",
        "relay.toml:9: [[database]] number 1: name is 'A b'; a database's has only lower case letters, digits and dashes",
        "relay.toml:10: [[database]] number 1: url: 'ftp://x' has the scheme 'ftp'; only http is supported, so put a proxy in front",
        "relay.toml:11: [[database]] number 1: token_file: cannot read the token file",
        "relay.toml:15: [[database]] number 2: unknown key 'colour'; the known ones are index, name, token_file, url",
        "relay.toml:13: [[database]] number 2: index 1 is taken by another database; every one needs its own",
        "relay.toml:12: [[database]] number 2: url is missing; set it here, at the top of the file, or with --url",
        "relay.toml:12: [[database]] number 2: token_file is missing; set it here, at the top of the file, or with --token-file",
        "relay.toml:17: [[database]] number 3: index is above 255; it must fit a byte",
        "relay.toml:16: [[database]] number 3: name is missing; it is what the database was published as",
        "relay.toml:16: [[database]] number 3: url is missing",
        "relay.toml:16: [[database]] number 3: token_file is missing",
        "relay.toml: there is no global database; add a [[database]] with index = 0",
    ];
    assert_eq!(problems.len(), expected.len(), "{problems:#?}");
    for (problem, expected) in problems.iter().zip(expected) {
        assert!(
            problem.starts_with(expected),
            "{problem}\ndoes not begin with\n{expected}"
        );
    }
}

#[test]
fn what_is_not_in_the_file_names_no_line_of_it() {
    let files = Files::new();
    let overrides = Overrides {
        window: Some(0),
        hold_ms: Some(60_001),
        listen: Some("here".into()),
        ..Overrides::default()
    };
    let expected = [
        "--hold-ms or HEXMARCH_RELAY_HOLD_MS: hold_ms is 60001; set it to at most 60000 (milliseconds)",
        "--window or HEXMARCH_RELAY_WINDOW: window is 0; set it between 1 and 4096",
        "--listen or HEXMARCH_RELAY_LISTEN: listen is 'here'; write an address and a port, like 127.0.0.1:8080",
    ];
    assert_eq!(
        files.problems_with(&format!("window = 7\n{GOOD}"), &overrides),
        expected
    );
}

#[test]
fn a_list_of_databases_in_place_has_lines_as_well() {
    let text = "database = [\n{ index = 0, name = \"g\" },\n7,\n{ index = 1, nme = \"r\" }]\ndrain = 1";
    let files = Files::new();
    let overrides = Overrides {
        url: Some("http://x:1".into()),
        token_file: Some(files.0.path().join("token")),
        ..Overrides::default()
    };
    let expected = [
        "relay.toml:5: unknown key 'drain'; the known ones are database, drain_ms, hold_ms, listen, log, token_file, url, window",
        "relay.toml:3: [[database]] number 2: it is no section; write its keys below [[database]]",
        "relay.toml:4: [[database]] number 3: unknown key 'nme'; the known ones are index, name, token_file, url",
        "relay.toml:4: [[database]] number 3: name is missing; it is what the database was published as",
    ];
    assert_eq!(files.problems_with(text, &overrides), expected);
    let broken = files.problems("window = \n");
    assert!(
        broken[0].starts_with("relay.toml: this is not TOML: TOML parse error at line 1"),
        "{broken:?}"
    );
}

#[test]
fn a_token_that_is_over_is_refused_without_asking_its_host() {
    use base64::Engine as _;
    let files = Files::new();
    let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(r#"{"exp": 1500000000}"#);
    std::fs::write(files.0.path().join("token"), format!("e30.{payload}.c2ln")).unwrap();
    let problem = files.problems(GOOD).remove(0);
    assert!(
        problem.contains("expired on 2017-07-14T02:40:00Z; put a new one"),
        "{problem}"
    );
}

#[test]
fn what_is_hardly_meant_is_said() {
    let files = Files::new();
    let advice = |text: &str| files.parse(text, &Overrides::default()).unwrap().advice();
    let token = files.0.path().join("token");
    let mode = |mode| {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&token, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(0o600);
    assert_eq!(
        advice(&format!("hold_ms = 501\nlisten = \"127.0.0.1:1\"\n{GOOD}")),
        [""; 0]
    );
    mode(0o644);
    let found = advice(&format!("hold_ms = 500\nlisten = \"0.0.0.0:1\"\n{GOOD}"));
    let expected = ["hold_ms is 500", "listen is 0.0.0.0:1", &token.display().to_string()];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.starts_with(expected), "{found}");
    }
}

#[test]
fn the_hash_is_that_of_the_file() {
    let hash = |text: &str| Files::new().parse(text, &Overrides::default()).unwrap().hash;
    assert_eq!(hash(GOOD), "24587be4c220");
    assert_ne!(hash(&format!("{GOOD}#")), hash(GOOD));
}

#[test]
fn one_database_cannot_be_two() {
    let text = GOOD
        .replace("region-1", "global")
        .replace("url = \"http://other:4000\"", "");
    assert_eq!(
        Files::new().problems(&text),
        ["relay.toml:9: [[database]] number 2: 'global' is also database 1; remove one of the two"]
    );
}

#[test]
fn what_is_printed_is_a_file_again_and_keeps_secrets() {
    let files = Files::new();
    let config = files.parse(GOOD, &Overrides::default()).unwrap();
    let printed = config.print();
    assert!(!printed.contains("top-secret") && !format!("{config:?}").contains("top-secret"));
    assert_eq!(files.parse(&printed, &Overrides::default()).unwrap().print(), printed);
}

#[test]
fn a_missing_file_names_the_flag() {
    let error = Config::load(Path::new("/nonexistent.toml"), &Overrides::default())
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("cannot read /nonexistent.toml") && error.contains("--config"),
        "{error}"
    );
}
