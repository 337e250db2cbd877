//! `stackfit audit`, with the real program and a file of every format.

use std::{fs, path::Path};

use serde_json::{Value, json};
use stackfit_tests::{
    database::{Database, Engine},
    program::{command, run},
};
use tempfile::TempDir;

/// What the program said.
struct Said {
    status: i32,
    out: String,
    err: String,
}

async fn audit(home: &TempDir, arguments: &[&str]) -> Said {
    let output = run(home, &[&["audit"], arguments].concat()).await;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Said { status: output.status.code().unwrap(), out: text(&output.stdout), err: text(&output.stderr) }
}

fn fixture(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/audit").join(path);
    path.to_str().unwrap().to_owned()
}

/// The report on files of the fixtures, as of the day of all tests.
async fn report(paths: &[&str]) -> Value {
    let home = TempDir::new().unwrap();
    let paths: Vec<String> = paths.iter().map(|path| fixture(path)).collect();
    let mut arguments = vec!["--json", "--all", "--as-of", "2026-11-23"];
    arguments.extend(paths.iter().map(String::as_str));
    let said = audit(&home, &arguments).await;
    assert!(said.status < 2, "{}", said.err);
    let report: Value = serde_json::from_str(&said.out).unwrap();
    let alarming = report["outOfSupport"] != json!(0);
    assert_eq!(said.status, i32::from(alarming), "{report:#}");
    assert_eq!(fs::read_dir(&home).unwrap().count(), 0, "it leaves nothing behind");
    report
}

/// The items of a report, as slug, version and status.
fn items(report: &Value) -> Vec<[String; 3]> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let items = report["items"].as_array().unwrap().iter();
    let mut items: Vec<[String; 3]> =
        items.map(|item| [text(&item["slug"]), text(&item["version"]), text(&item["status"])]).collect();
    items.sort();
    items
}

fn expected(items: &[[&str; 3]]) -> Vec<[String; 3]> {
    items.iter().map(|item| item.map(str::to_owned)).collect()
}

/// A file, the items that it names with their versions and statuses, and the packages that the catalogue does not know.
type Format = (&'static str, &'static [[&'static str; 3]], &'static [&'static str]);

const FORMATS: &[Format] = &[
    (
        "ruby/Gemfile.lock",
        &[["ruby", "3.1.4", "END_OF_LIFE"], ["ruby-on-rails", "8.0.2", "END_OF_LIFE"]],
        &["pkg:gem/actioncable", "pkg:gem/nokogiri", "pkg:gem/ours"],
    ),
    (
        "node/package.json",
        &[
            ["express", "4.18", "NOT_DECLARED"],
            ["fastify", "4.28.0", "END_OF_LIFE"],
            ["nestjs", "10.4.1", "END_OF_LIFE"],
            ["nodejs", "18", "END_OF_LIFE"],
        ],
        &["pkg:npm/left-pad", "pkg:npm/tool", "pkg:npm/typescript"],
    ),
    (
        "node/package-lock.json",
        &[
            ["express", "4.21.2", "NOT_DECLARED"],
            ["express", "5.1.0", "NOT_DECLARED"],
            ["nodejs", "20", "END_OF_LIFE"],
        ],
        &["pkg:npm/old"],
    ),
    ("node/npm-shrinkwrap.json", &[["express", "4.21.2", "NOT_DECLARED"]], &["pkg:npm/old"]),
    (
        "python/requirements.txt",
        &[["django", "4.2", "END_OF_LIFE"], ["flask", "3.1.0", "ACTIVE"]],
        &["pkg:pypi/requests"],
    ),
    (
        "python/pyproject.toml",
        &[
            ["django", "5.2", "SECURITY_ONLY"],
            ["fastapi", "0.115", "NOT_DECLARED"],
            ["python", "3.10", "END_OF_LIFE"],
        ],
        &["pkg:pypi/example-own", "pkg:pypi/requests"],
    ),
    (
        "php/composer.json",
        &[
            ["cakephp", "5.1", "END_OF_LIFE"],
            ["laravel", "11.0", "END_OF_LIFE"],
            ["php", "8.1", "END_OF_LIFE"],
        ],
        &["pkg:composer/example/own"],
    ),
    (
        "php/composer.lock",
        &[["laravel", "11.9.2", "END_OF_LIFE"], ["php", "8.2", "SECURITY_ONLY"]],
        &["pkg:composer/example/own"],
    ),
    (
        "java/pom.xml",
        &[
            ["java", "8", "NOT_DECLARED"],
            ["quarkus", "3.15.1", "END_OF_LIFE"],
            ["spring-boot", "3.4.1", "EXTENDED_ONLY"],
        ],
        &["pkg:maven/com.example/own"],
    ),
    (
        "dotnet/Shop.csproj",
        &[
            ["aspnet-core", "8.0.4", "END_OF_LIFE"],
            ["dotnet", "8.0", "END_OF_LIFE"],
            ["dotnet-framework", "4.7.2", "NOT_DECLARED"],
        ],
        &["pkg:nuget/Example.Own"],
    ),
    (
        "go/go.mod",
        &[
            ["echo", "4.12.0", "NOT_DECLARED"],
            ["gin", "1.10.0", "NOT_DECLARED"],
            ["go", "1.21", "END_OF_LIFE"],
        ],
        &["pkg:golang/github.com/example/own"],
    ),
    (
        "rust/Cargo.toml",
        &[
            ["actix-web", "4.9", "NOT_DECLARED"],
            ["axum", "0.7", "NOT_DECLARED"],
            ["rust", "1.70", "NOT_DECLARED"],
        ],
        &["pkg:cargo/libc"],
    ),
    ("rust/Cargo.lock", &[["axum", "0.7.9", "NOT_DECLARED"]], &[]),
    (
        "sbom/shop.cdx.json",
        &[["nestjs", "10.4.1", "END_OF_LIFE"], ["ruby-on-rails", "8.0.2", "END_OF_LIFE"]],
        &["pkg:generic/no%20package", "pkg:generic/odd"],
    ),
    ("sbom/bom.xml", &[["django", "4.2.16", "END_OF_LIFE"], ["flask", "3.1.0", "ACTIVE"]], &[]),
];

#[tokio::test]
async fn a_file_of_every_format() {
    for (path, known, unknown) in FORMATS {
        let report = report(&[path]).await;
        assert_eq!(items(&report), expected(known), "{path}");
        assert_eq!(
            report["notInCatalogue"],
            json!({ "count": unknown.len(), "packages": unknown }),
            "{path}"
        );
    }
}

#[tokio::test]
async fn what_files_name_together_is_audited_together() {
    let report = report(&["ruby/Gemfile.lock", "sbom/shop.cdx.json", "node/package.json"]).await;
    let rails = report["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["slug"] == json!("ruby-on-rails"))
        .unwrap();
    let files: Vec<&str> =
        rails["origins"].as_array().unwrap().iter().map(|origin| origin["file"].as_str().unwrap()).collect();
    assert_eq!(files, [fixture("ruby/Gemfile.lock"), fixture("sbom/shop.cdx.json")]);
    assert_eq!(rails["suggestion"]["nearest"], json!({ "name": "8.1", "fact": "ruby-on-rails.release.8.1" }));
    let conflicts = report["conflicts"].as_array().unwrap();
    let of_rails = |one: &&Value| one["facts"] == json!(["ruby-on-rails.runtime.ruby"]);
    let conflict = conflicts.iter().find(of_rails).unwrap();
    assert_eq!(conflict["kind"], json!("UPGRADE_NEEDS_RUNTIME"));
    let runtime = conflict["runtime"].as_u64().unwrap();
    assert_eq!(report["items"][usize::try_from(runtime).unwrap()]["slug"], json!("ruby"));
    assert_eq!(
        (&report["form"], &report["asOf"], &report["overall"]),
        (&json!(1), &json!("2026-11-23"), &json!("END_OF_LIFE"))
    );
    let nest =
        report["items"].as_array().unwrap().iter().find(|item| item["slug"] == json!("nestjs")).unwrap();
    let wrote: Vec<&Value> =
        nest["origins"].as_array().unwrap().iter().map(|origin| &origin["wrote"]).collect();
    assert_eq!(wrote, ["~10.4.1", "10.4.1"]);
}

#[tokio::test]
async fn people_get_a_table() {
    let home = TempDir::new().unwrap();
    let path = fixture("node/package.json");
    let said = audit(&home, &["--as-of", "2026-11-23", &path]).await;
    assert_eq!(said.status, 1, "{}", said.err);
    for part in [
        "Express",
        "END_OF_LIFE",
        "2026-11-23",
        "read as 18",
        "3 packages are not in the catalogue: --all lists them.",
    ] {
        assert!(said.out.contains(part), "{part}:\n{}", said.out);
    }
    assert!(!said.out.contains('\u{1b}'), "no colours where no terminal is:\n{}", said.out);
    let all = audit(&home, &["--all", "--as-of", "2026-11-23", &path]).await;
    assert!(all.out.contains("pkg:npm/left-pad"), "{}", all.out);
}

#[tokio::test]
async fn the_day_decides() {
    let home = TempDir::new().unwrap();
    let path = fixture("ruby/Gemfile.lock");
    assert_eq!(audit(&home, &["--as-of", "2025-01-01", &path]).await.status, 0);
    assert_eq!(audit(&home, &["--as-of", "2026-11-23", &path]).await.status, 1);
    let said = audit(&home, &["--as-of", "soon", &path]).await;
    assert!(said.status == 2 && said.err.contains("soon"), "{}", said.err);
    assert_eq!(audit(&home, &[]).await.status, 2, "no file is named");
}

#[tokio::test]
async fn files_that_cannot_be_used_are_named_with_the_line() {
    let home = TempDir::new().unwrap();
    let file = |name: &str, text: &[u8]| {
        let path = home.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let deep = format!("{{\"require\": {}1{}}}", "[".repeat(50_000), "]".repeat(50_000));
    let elements = format!("<project>\n{}{}</project>", "<a>".repeat(50_000), "</b>");
    let laughs = "<?xml version=\"1.0\"?>\n<!DOCTYPE project [<!ENTITY a \"aaa\"><!ENTITY b \"&a;&a;\">]>\n<project>&b;</project>";
    let broken: &[(&str, &[u8], &str)] = &[
        ("package.json", b"{\n  \"dependencies\": {\n    \"a\": \n  }\n}", "package.json:4: "),
        ("package-lock.json", b"[]", "package-lock.json:1: "),
        ("composer.json", deep.as_bytes(), "composer.json:1: "),
        ("composer.lock", b"\n{\"packages\": [{}]}", "composer.lock:2: "),
        ("requirements.txt", b"django\n<<<<<<< HEAD\n", "requirements.txt:2: "),
        ("pyproject.toml", b"[project]\nname =\n", "pyproject.toml:2: "),
        ("Gemfile.lock", b"GEM\n  specs:\n<<<<<<< HEAD\n", "Gemfile.lock:3: "),
        ("gems.locked", b"", "gems.locked: "),
        ("pom.xml", laughs.as_bytes(), "XML with DTD detected"),
        ("other.pom", elements.as_bytes(), "other.pom:2: "),
        ("a.csproj", b"<Project>\n<a></b>\n</Project>", "a.csproj:2: "),
        ("b.csproj", b"<project/>", "b.csproj:1: "),
        ("go.mod", b"module a\n\nrequire (\n", "go.mod"),
        ("Cargo.toml", b"[package]\nname = \"a\"\nversion = 1\n", "Cargo.toml"),
        ("Cargo.lock", b"version = 4\n\n[[package]\n", "Cargo.lock:3: "),
        ("bom.json", b"{\"bomFormat\": \"CycloneDX\",\n \"components\": 1}", "bom.json:2: "),
        ("bom.xml", b"<bom", "bom.xml:1: "),
        ("text.txt", b"\xff\xfe", "text.txt:1: "),
        ("yarn.lock", b"# yarn lockfile v1\n", "What is understood: package.json"),
        ("other.json", b"{}", "What is understood: package.json"),
    ];
    for (name, text, told) in broken {
        let said = audit(&home, &[&file(name, text)]).await;
        assert_eq!(said.status, 2, "{name}: {}", said.out);
        assert!(
            said.err.starts_with("stackfit: cannot use ") && said.err.contains(told),
            "{name}: {}",
            said.err
        );
        assert!(said.err.len() < 2_000 && !said.err.contains("panicked"), "{name}: {}", said.err);
        assert_eq!(said.out, "");
    }
    let large = file("large.json", &vec![b' '; 20_000_001]);
    assert!(audit(&home, &[&large]).await.err.contains("20000000 bytes"));
    let missing = audit(&home, &["nowhere/package.json"]).await;
    assert!(missing.status == 2 && missing.err.contains("nowhere/package.json"), "{}", missing.err);
    assert_eq!(audit(&home, &[home.path().to_str().unwrap()]).await.status, 2, "a folder");
}

#[tokio::test]
async fn the_database_of_a_project_is_left_alone() {
    let home = TempDir::new().unwrap();
    let mut command = command(&home);
    command.env("DATABASE_URL", format!("sqlite://{}/theirs.db", home.path().display()));
    command.env("STACKFIT_LISEN", "nonsense");
    let output = command.args(["audit", &fixture("rust/Cargo.lock")]).output().await.unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(fs::read_dir(&home).unwrap().count(), 0);
}

const SOURCE: &str =
    "slug: our-notes\nkind: USER\ntitle: Our notes\nnoUrlReason: Kept on paper.\nhasVendorBias: false\n";
const OURS: &str = "slug: our-framework
kind: BACKEND_FRAMEWORK
name: Our framework
facts:
- code: our-framework.package
  kind: ATTRIBUTE
  statement: It is a package.
  verdict: STATED
  citations:
  - source: our-notes
  attribute:
    name: package
    value: pkg:npm/left-pad
- code: our-framework.release.1
  kind: RELEASE
  statement: Version 1 is supported for long.
  verdict: STATED
  citations:
  - source: our-notes
  release:
    cycle: \"1\"
    releasedOn: \"2025-01-01\"
    securityUntil: \"2030-01-01\"
- code: our-framework.node
  kind: RELATION
  statement: It needs Node.js 22.
  verdict: STATED
  citations:
  - source: our-notes
  relations:
  - kind: RUNS_ON
    to: nodejs
    fromVersions: ^1
    versions: \">=22\"
";

#[tokio::test]
async fn a_database_that_is_named_counts() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let home = TempDir::new().unwrap();
        let database = Database::empty(engine);
        let folder = home.path().join("ours");
        for (path, text) in [("sources/our-notes.yaml", SOURCE), ("technologies/our-framework.yaml", OURS)] {
            fs::create_dir_all(folder.join(path).parent().unwrap()).unwrap();
            fs::write(folder.join(path), text).unwrap();
        }
        let path = fixture("node/package.json");
        let arguments =
            ["--json", "--as-of", "2026-11-23", "--database", database.url.as_str(), path.as_str()];
        let found = async || {
            let said = audit(&home, &arguments).await;
            assert_eq!(said.status, 1, "{}", said.err);
            serde_json::from_str::<Value>(&said.out).unwrap()
        };
        assert_eq!(
            found().await["notInCatalogue"],
            json!({ "count": 3 }),
            "the catalogue of the program fills it"
        );
        let imported = run(&home, &["import", folder.to_str().unwrap(), "--database", &database.url]).await;
        assert!(imported.status.success(), "{imported:?}");
        let report = found().await;
        assert_eq!(report["notInCatalogue"], json!({ "count": 2 }));
        assert!(
            items(&report).contains(&["our-framework", "1.3.0", "ACTIVE"].map(str::to_owned)),
            "{report:#}"
        );
        let ours = report["conflicts"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["facts"] == json!(["our-framework.node"]));
        assert_eq!(
            ours.unwrap()["message"],
            json!("Our framework 1.3.0 needs Node.js >=22; the stack has Node.js 18.")
        );
    }
}
