//! Import, export and check, with the real program on both databases.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::{Value, json};
use stackfit_domain::origin::Origin;
use stackfit_persistence::import::Options;
use stackfit_tests::{
    TestApp,
    database::{Database, Engine, catalogue, now},
    program::{command, run},
};
use tempfile::TempDir;

/// Runs each test on SQLite and on Postgres, with a home and an address of an empty database.
macro_rules! on_both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($place:ident) $body:block)+) => { $(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn test($place: Place) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                test(Place::new(Engine::Sqlite)).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                test(Place::new(Engine::Postgres)).await;
            }
        }
    )+ };
}

/// A home for the program, with a database.
struct Place {
    engine: Engine,
    home: TempDir,
    database: Database,
}

/// What the program said.
struct Said {
    success: bool,
    out: String,
    err: String,
}

impl Place {
    fn new(engine: Engine) -> Self {
        Self { engine, home: TempDir::new().unwrap(), database: Database::empty(engine) }
    }

    async fn run(&self, arguments: &[&str]) -> Said {
        let output = run(&self.home, arguments).await;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Said { success: output.status.success(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// Runs a command on the database, which must succeed.
    async fn on(&self, url: &str, arguments: &[&str]) -> String {
        let said = self.run(&[arguments, &["--database", url]].concat()).await;
        assert!(said.success, "{arguments:?}: {}", said.err);
        said.out
    }

    fn folder(&self, name: &str) -> (PathBuf, String) {
        let path = self.home.path().join(name);
        let text = path.to_str().unwrap().to_owned();
        (path, text)
    }
}

fn bundled_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../catalogue")
}

/// The files of a catalogue by their paths.
fn files(root: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for folder in fs::read_dir(root).unwrap() {
        let folder = folder.unwrap().path();
        if !folder.is_dir() {
            continue;
        }
        for file in fs::read_dir(&folder).unwrap() {
            let file = file.unwrap().path();
            if file.extension().is_some_and(|extension| extension == "yaml") {
                let path = file.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                files.insert(path, fs::read_to_string(&file).unwrap());
            }
        }
    }
    files
}

fn write(root: &Path, path: &str, text: &str) {
    let file = root.join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

/// Replaces a text in a file of an exported catalogue.
fn edit(root: &Path, path: &str, from: &str, to: &str) {
    let text = fs::read_to_string(root.join(path)).unwrap();
    assert!(text.contains(from), "{path} has no {from}");
    write(root, path, &text.replacen(from, to, 1));
}

const SOURCE: &str =
    "slug: our-notes\nkind: USER\ntitle: Our notes\nnoUrlReason: Kept on paper.\nhasVendorBias: false\n";
const OURS: &str = "slug: our-framework
kind: BACKEND_FRAMEWORK
name: Our framework
facts:
- code: our-framework.license
  kind: ATTRIBUTE
  statement: It is ours.
  verdict: STATED
  citations:
  - source: our-notes
  relations:
  - kind: LANGUAGE
    to: python
  attribute:
    name: license
    value: ours
";

const FACETS: &str = "{ technologies(first: 0) { totalCount facets { name buckets { value count } } } frameworks(first: 0) { facets { name buckets { value count } } } }";

on_both_databases! {
    async fn what_is_exported_is_what_was_imported_byte_for_byte(place) {
        let (folder, name) = place.folder("exported");
        let said = place.on(&place.database.url, &["export", &name]).await;
        let exported = files(&folder);
        assert!(said.contains(&format!("{} files", exported.len())), "{said}");
        let bundled = files(&bundled_folder());
        assert_eq!(exported.keys().collect::<Vec<_>>(), bundled.keys().collect::<Vec<_>>());
        for (path, text) in &exported {
            assert_eq!(text, &bundled[path], "{path}");
        }
        let other = Database::empty(place.engine);
        place.on(&other.url, &["import", &name]).await;
        let (again, name) = place.folder("again");
        place.on(&other.url, &["export", &name]).await;
        assert_eq!(files(&again), exported);
    }

    async fn only_what_changed_is_written_and_recorded(place) {
        let url = place.database.url.clone();
        let (folder, name) = place.folder("edited");
        place.on(&url, &["export", &name]).await;
        let same = place.on(&url, &["import", &name]).await;
        assert!(same.contains("created    0 entities, 0 facts\n  updated    0 entities, 0 facts\n"), "{same}");
        edit(&folder, "technologies/koa.yaml", "  verdict: PARTLY_TRUE\n", "  verdict: OPINION\n");
        edit(&folder, "technologies/koa.yaml", "name: Koa\n", "name: Koa 3\n");
        write(&folder, "sources/our-notes.yaml", SOURCE);
        write(&folder, "technologies/our-framework.yaml", OURS);
        let dry = place.on(&url, &["import", &name, "--dry-run"]).await;
        let told = "created    2 entities, 1 facts\n  updated    1 entities, 1 facts\n  removed    0 entities, 0 facts\n";
        assert!(dry.starts_with("would import ") && dry.contains(told), "{dry}");
        let done = place.on(&url, &["import", &name]).await;
        assert!(done.starts_with("imported ") && done.contains(told), "{done}");
        let again = place.on(&url, &["import", &name]).await;
        assert!(again.contains("created    0 entities, 0 facts\n  updated    0 entities, 0 facts\n"), "{again}");
        let app = TestApp::on(place.engine, place.database).await;
        let all: usize = catalogue().iter().map(|part| 1 + part.facts.len()).sum();
        let document = format!("{{ catalogue {{ revision }} changes(after: {all}) {{ nodes {{ revision kind changed actor }} }}
            technology(slug: \"koa\") {{ name version }} fact(code: \"F198\") {{ verdict history: code }}
            ours: technologies(filter: {{ license: [\"ours\"], language: [\"python\"] }}) {{ nodes {{ slug }} }} }}");
        let data = app.data(&document).await;
        assert_eq!(data["catalogue"]["revision"], json!(all + 5), "five changes, and not one more");
        assert_eq!(data["technology"], json!({ "name": "Koa 3", "version": 2 }));
        assert_eq!(data["fact"]["verdict"], "OPINION");
        assert_eq!(data["ours"]["nodes"], json!([{ "slug": "our-framework" }]), "filters know it at once");
        assert!(data["changes"]["nodes"].as_array().unwrap().iter().all(|change| change["actor"] == "import"));
        let mut changes: Vec<String> = data["changes"]["nodes"].as_array().unwrap().iter()
            .map(|change| format!("{} {}", change["kind"], change["changed"])).collect();
        changes.sort();
        let expected = ["CREATED FACT", "CREATED SOURCE", "CREATED TECHNOLOGY", "UPDATED FACT", "UPDATED TECHNOLOGY"];
        assert_eq!(changes, expected.map(|change| change.split(' ').map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" ")));
    }

    async fn a_mistake_anywhere_leaves_the_database_as_it_was(place) {
        let url = place.database.url.clone();
        let (folder, name) = place.folder("wrong");
        write(&folder, "technologies/our-framework.yaml", &OURS.replace("our-notes", "our-note"));
        write(&folder, "sources/our-notes.yaml", SOURCE);
        write(&folder, "terms/thing.yaml", "slug: thing\nnme: Thing\n");
        let said = place.run(&["import", &name, "--database", &url]).await;
        assert!(!said.success);
        for line in [
            "nothing was imported",
            "technologies/our-framework.yaml:10: our-framework.license: citations[0].source: there is no source `our-note`. Did you mean `our-notes`?",
            "technologies/our-framework.yaml:13: our-framework.license: relations[0].to: there is no technology `python`.",
            "terms/thing.yaml:2: nme: the key `nme` is not known.",
            "terms/thing.yaml: `name` is missing.",
        ] {
            assert!(said.err.contains(line), "{line}\n{}", said.err);
        }
        let checked = place.run(&["check", &name]).await;
        assert!(!checked.success && checked.err.contains("terms/thing.yaml:2"), "{}", checked.err);
        let with = place.run(&["check", &name, "--with-bundled"]).await;
        assert!(!with.err.contains("`python`"), "{}", with.err);
        let app = TestApp::on(place.engine, place.database).await;
        let data = app.data("{ catalogue { revision counts { technologies } } }").await;
        assert_eq!(data, json!({ "catalogue": { "revision": 0, "counts": { "technologies": 0 } } }));
    }

    async fn the_bundled_catalogue_updates_its_own_and_keeps_what_others_wrote(place) {
        let url = place.database.url.clone();
        let store = place.database.open().await;
        // An older bundled catalogue: a fact that is no longer in it, and one that read otherwise.
        let mut part = catalogue().into_iter().find(|part| part.entity.subject().slug.as_str() == "koa").unwrap();
        let mut gone = part.facts[0].clone();
        gone.fact.code = stackfit_domain::fact_code::FactCode::parse("koa.gone").unwrap();
        gone.fact.id = stackfit_domain::id::Id::named("koa.gone");
        "It read otherwise once.".clone_into(&mut part.facts[0].fact.statement);
        let old = part.facts[0].fact.code.clone();
        part.facts.push(gone);
        let options = Options { origin: Origin::Bundled, prune: false, actor: "import", now: now() };
        let mut import = store.import(options).await.unwrap();
        import.part(part).await.unwrap();
        import.commit().await.unwrap();
        store.close().await.unwrap();
        // What others wrote: a framework of their own, and another verdict on a bundled fact.
        let (folder, name) = place.folder("theirs");
        place.on(&url, &["export", &name]).await;
        edit(&folder, "technologies/flask.yaml", "  verdict: STATED\n", "  verdict: OPINION\n");
        write(&folder, "sources/our-notes.yaml", SOURCE);
        write(&folder, "technologies/our-framework.yaml", OURS);
        place.on(&url, &["import", &name]).await;
        let done = place.on(&url, &["import", "--bundled"]).await;
        assert!(done.contains("updated    0 entities, 1 facts\n  removed    0 entities, 1 facts\n"), "{done}");
        assert!(done.contains("kept       0 entities, 1 facts"), "{done}");
        let again = place.on(&url, &["import", "--bundled"]).await;
        assert!(again.contains("updated    0 entities, 0 facts\n  removed    0 entities, 0 facts\n"), "{again}");
        let app = TestApp::on(place.engine, place.database).await;
        let document = format!("{{ gone: fact(code: \"koa.gone\") {{ code }} old: fact(code: \"{old}\") {{ statement }} ours: technology(slug: \"our-framework\") {{ name }} }}");
        let data = app.data(&document).await;
        assert_eq!(data["gone"], Value::Null);
        assert_ne!(data["old"]["statement"], "It read otherwise once.");
        assert_eq!(data["ours"]["name"], "Our framework");
    }

    async fn pruning_removes_what_the_folder_does_not_hold(place) {
        let url = place.database.url.clone();
        let (folder, name) = place.folder("pruned");
        place.on(&url, &["export", &name]).await;
        fs::remove_file(folder.join("technologies/our-framework.yaml")).ok();
        fs::remove_file(folder.join("technologies/cakephp.yaml")).unwrap();
        let done = place.on(&url, &["import", &name, "--prune"]).await;
        let removed = done.lines().find(|line| line.contains("removed")).unwrap();
        assert!(!removed.contains(" 0 entities") && !removed.contains(" 0 facts"), "{done}");
        let fresh = Database::empty(place.engine);
        place.on(&fresh.url, &["import", &name]).await;
        let pruned = TestApp::on(place.engine, place.database).await;
        let fresh = TestApp::on(place.engine, fresh).await;
        assert_eq!(pruned.data("{ technology(slug: \"cakephp\") { name } }").await["technology"], Value::Null);
        assert_eq!(pruned.data(FACETS).await, fresh.data(FACETS).await, "what is derived is as if made anew");
    }

    async fn links_hold_what_they_lead_to_and_contradictions_stay_two_sided(place) {
        let url = place.database.url.clone();
        let fact = |code: &str, links: &str| OURS.replace("our-framework.license", code).replace("slug: our-framework", &format!("slug: {}", &code[..1]))
            .replace("  relations:\n  - kind: LANGUAGE\n    to: python\n", links);
        let (folder, name) = place.folder("linked");
        write(&folder, "sources/our-notes.yaml", SOURCE);
        write(&folder, "technologies/a.yaml", &fact("a.x", "  contradicts:\n  - d.x\n"));
        write(&folder, "technologies/b.yaml", &fact("b.x", "  confirms:\n  - a.x\n"));
        write(&folder, "technologies/d.yaml", &fact("d.x", "  contradicts:\n  - a.x\n"));
        place.on(&url, &["import", &name]).await;
        fs::remove_file(folder.join("technologies/a.yaml")).unwrap();
        let pruned = place.on(&url, &["import", &name, "--prune"]).await;
        assert!(pruned.contains("removed    0 entities, 0 facts") && pruned.contains("kept       1 entities, 1 facts"), "{pruned}");
        write(&folder, "technologies/d.yaml", &fact("d.x", ""));
        let said = place.run(&["import", &name, "--database", &url]).await;
        assert!(!said.success && said.err.contains("nothing was imported: a.x contradicts d.x, but d.x would not name a.x in turn"), "{}", said.err);
        let app = TestApp::on(place.engine, place.database).await;
        let data = app.data("{ fact(code: \"a.x\") { contradictedBy { code } confirmedBy { code } } }").await;
        assert_eq!(data["fact"], json!({ "contradictedBy": [{ "code": "d.x" }], "confirmedBy": [{ "code": "b.x" }] }));
    }

    async fn a_killed_import_leaves_the_database_as_it_was(place) {
        let url = place.database.url.clone();
        let (_, name) = place.folder("generated");
        assert!(place.run(&["dev", "generate", &name, "--technologies", "4000"]).await.success);
        place.on(&url, &["import", "--bundled"]).await;
        let mut child = command(&place.home)
            .args(["import", &name, "--database", &url])
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        tokio::time::sleep(Duration::from_secs(4)).await;
        assert_eq!(child.try_wait().unwrap(), None, "the import ended before it was killed");
        child.kill().await.unwrap();
        let app = TestApp::on(place.engine, place.database).await;
        let all: usize = catalogue().iter().map(|part| 1 + part.facts.len()).sum();
        let data = app.data("{ catalogue { revision } technologies(filter: { name: { contains: \"generated\" } }) { totalCount } technology(slug: \"generated-1\") { name } }").await;
        assert_eq!(data["catalogue"]["revision"], json!(all));
        assert_eq!(data["technologies"]["totalCount"], json!(0));
        assert_eq!(data["technology"], Value::Null);
    }
}

#[tokio::test]
async fn folders_that_hold_files_are_not_written_into() {
    let place = Place::new(Engine::Sqlite);
    let (folder, name) = place.folder("taken");
    write(&folder, "note.txt", "mine");
    for arguments in [
        vec!["export", &name, "--database", &place.database.url],
        vec!["dev", "generate", &name, "--technologies", "1"],
    ] {
        let said = place.run(&arguments).await;
        assert!(!said.success && said.err.contains("is not empty"), "{}", said.err);
    }
    let nowhere = place.run(&["check", "nowhere"]).await;
    assert!(!nowhere.success && nowhere.err.starts_with("stackfit: cannot use nowhere: "), "{}", nowhere.err);
}

#[tokio::test]
async fn a_folder_of_ones_own_may_refer_to_the_bundled_catalogue() {
    let place = Place::new(Engine::Sqlite);
    let (folder, name) = place.folder("ours");
    write(&folder, "sources/our-notes.yaml", SOURCE);
    write(&folder, "technologies/our-framework.yaml", OURS);
    assert!(!place.run(&["check", &name]).await.success);
    assert!(place.run(&["check", &name, "--with-bundled"]).await.success);
    let said = place.run(&["format", &name, "--with-bundled"]).await;
    assert!(said.out.contains("0 files formatted, 2 were so already"), "{}{}", said.out, said.err);
    let (_, empty) = place.folder("empty");
    fs::create_dir(&empty).unwrap();
    let said = place.run(&["check", &empty]).await;
    assert!(said.err.contains("holds no file of a catalogue"), "{}", said.err);
}

#[tokio::test]
async fn files_are_brought_into_one_form() {
    let place = Place::new(Engine::Sqlite);
    let (folder, name) = place.folder("odd");
    write(&folder, "technologies/koa.yaml", "{slug: koa, name: \"Koa\", kind: BACKEND_FRAMEWORK}\n");
    let said = place.run(&["format", &name]).await;
    assert!(said.success && said.out.contains("1 files formatted"), "{}{}", said.out, said.err);
    assert_eq!(files(&folder)["technologies/koa.yaml"], "slug: koa\nkind: BACKEND_FRAMEWORK\nname: Koa\n");
}

#[tokio::test]
async fn the_committed_schemas_of_the_files_are_current() {
    let place = Place::new(Engine::Sqlite);
    let (folder, name) = place.folder("schemas");
    assert!(place.run(&["schema", "files", &name]).await.success);
    for file in fs::read_dir(&folder).unwrap() {
        let file = file.unwrap();
        let committed = bundled_folder().join("schema").join(file.file_name());
        let what = "run: cargo run -- schema files catalogue/schema";
        assert_eq!(
            fs::read_to_string(file.path()).unwrap(),
            fs::read_to_string(committed).unwrap(),
            "{what}"
        );
    }
}
