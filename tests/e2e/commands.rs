//! The program's commands, and what it says when it cannot start.

use std::{fs, net::TcpListener};

use serde_json::json;
use stackfit_tests::{
    database::{Database, Engine},
    postgres::Cluster,
    program::{command, run, serve},
};
use tempfile::TempDir;

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Starts the program, which must refuse, and hands back what it says.
async fn refusal(home: &TempDir, arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let mut command = command(home);
    for (name, value) in variables {
        command.env(name, value);
    }
    let output = command.args(arguments).output().await.unwrap();
    assert!(!output.status.success(), "{arguments:?} did not fail");
    let told = text(&output.stderr);
    assert!(!told.contains("panicked") && told.starts_with("stackfit: "), "{told}");
    told
}

#[tokio::test]
async fn a_newcomer_is_served_from_an_empty_home() {
    let home = TempDir::new().unwrap();
    let server = serve(&home, &[]).await;
    let answer = server.ask("{ fact(code: \"F88\") { verdict citations { locator } } }").await;
    assert_eq!(
        answer,
        json!({ "data": { "fact": { "verdict": "CONTRADICTED", "citations": [{ "locator": "L87" }] } } })
    );
    let ready = reqwest::get(format!("{}/ready", server.url)).await.unwrap();
    assert!(ready.status().is_success());
    assert!(home.path().join(".local/share/stackfit/stackfit.db").exists());
}

#[tokio::test]
async fn what_was_filled_once_is_kept() {
    let home = TempDir::new().unwrap();
    let mut answers = Vec::new();
    for _ in 0..2 {
        let mut server = serve(&home, &[]).await;
        answers.push(server.ask("{ catalogue { revision counts { facts } } }").await);
        server.child.kill().await.unwrap();
    }
    assert!(answers[0]["data"]["catalogue"]["counts"]["facts"].as_i64().unwrap() > 1_852);
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn it_stops_when_it_is_told_to() {
    let home = TempDir::new().unwrap();
    let mut server = serve(&home, &[]).await;
    let id = server.child.id().unwrap().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert!(server.child.wait().await.unwrap().success());
}

#[tokio::test]
async fn migrate_says_what_it_did() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let home = TempDir::new().unwrap();
        let database = Database::empty(engine);
        let first = run(&home, &["migrate", "--database", &database.url]).await;
        assert!(text(&first.stdout).ends_with(": 7 migrations applied\n"), "{first:?}");
        let again = run(&home, &["migrate", "--database", &database.url]).await;
        assert!(text(&again.stdout).ends_with(": 0 migrations applied\n"), "{again:?}");
        let server = serve(&home, &["--database", &database.url]).await;
        let answer = server.ask("{ fact(code: \"F352\") { code } }").await;
        assert_eq!(answer["data"]["fact"]["code"], json!("F352"), "a migrated database is still empty");
    }
}

#[tokio::test]
async fn schema_print_prints_the_schema() {
    let output = run(&TempDir::new().unwrap(), &["schema", "print"]).await;
    assert_eq!(text(&output.stdout), stackfit_graphql::sdl());
    let output = run(&TempDir::new().unwrap(), &["schema", "print", "--federation"]).await;
    assert_eq!(text(&output.stdout), stackfit_graphql::subgraph_sdl());
}

#[tokio::test]
async fn a_taken_port() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let told = refusal(&TempDir::new().unwrap(), &["--listen", &address], &[]).await;
    assert!(told.contains(&address) && told.contains("choose another: --listen"), "{told}");
}

#[tokio::test]
async fn an_unreachable_database() {
    let url = "postgres://me:secret@127.0.0.1:1/nothing";
    let told = refusal(&TempDir::new().unwrap(), &["--database", url], &[]).await;
    assert!(told.contains("cannot reach the database postgres://me:***@127.0.0.1:1/nothing"), "{told}");
    assert!(told.contains("See that it runs") && !told.contains("secret"), "{told}");
}

#[tokio::test]
async fn a_database_that_is_none() {
    let told = refusal(&TempDir::new().unwrap(), &["--database", "mysql://h/d"], &[]).await;
    assert!(told.contains("must begin with sqlite:// or postgres://"), "{told}");
    let home = TempDir::new().unwrap();
    let file = home.path().join("text.db");
    fs::write(&file, "this is no database, but a text of some length".repeat(100)).unwrap();
    let told = refusal(&home, &["--database", &format!("sqlite://{}", file.display())], &[]).await;
    assert!(told.contains("text.db"), "{told}");
}

#[tokio::test]
async fn a_folder_that_cannot_be_written() {
    let home = TempDir::new().unwrap();
    fs::write(home.path().join("file"), "").unwrap();
    let url = format!("sqlite://{}/file/folder/x.db", home.path().display());
    let told = refusal(&home, &["--database", &url], &[]).await;
    assert!(told.contains("cannot make the folder") && told.contains("--database sqlite:///path"), "{told}");
}

#[tokio::test]
async fn a_database_newer_than_the_program() {
    let home = TempDir::new().unwrap();
    let database = Database::empty(Engine::Postgres);
    assert!(run(&home, &["migrate", "--database", &database.url]).await.status.success());
    let sql = "INSERT INTO seaql_migrations VALUES ('m20991231_000001_from_the_future', 0)";
    Cluster::get().execute(database.name.as_deref().unwrap(), sql);
    let told = refusal(&home, &["--database", &database.url], &[]).await;
    assert!(told.contains("newer than this program") && told.contains("from_the_future"), "{told}");
}

#[tokio::test]
async fn settings_that_do_not_exist() {
    let home = TempDir::new().unwrap();
    let told = refusal(&home, &[], &[("STACKFIT_LISEN", "127.0.0.1:1")]).await;
    assert!(told.contains("no setting `lisen`") && told.contains("Did you mean `listen`?"), "{told}");
    let file = home.path().join("settings.toml");
    fs::write(&file, "databse = \"sqlite:///x\"\n").unwrap();
    let told = refusal(&home, &["--config", file.to_str().unwrap()], &[]).await;
    assert!(told.contains("settings.toml") && told.contains("Did you mean `database`?"), "{told}");
    let told = refusal(&home, &["--config", "/nothing/here.toml"], &[]).await;
    assert!(told.contains("does not exist"), "{told}");
    let told = refusal(&home, &["--listen", "here"], &[]).await;
    assert!(told.contains("`listen`"), "{told}");
    let told = refusal(&home, &[], &[("STACKFIT_LOG", "=loud=")]).await;
    assert!(told.contains("`log`"), "{told}");
}

#[tokio::test]
async fn flags_come_before_the_environment_and_the_environment_before_the_file() {
    let home = TempDir::new().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    fs::write(home.path().join("a.toml"), "listen = \"nonsense\"\n").unwrap();
    let config = home.path().join("a.toml").display().to_string();
    let told = refusal(&home, &[], &[("STACKFIT_CONFIG", &config)]).await;
    assert!(told.contains("a.toml"), "{told}");
    let both = [("STACKFIT_CONFIG", config.as_str()), ("STACKFIT_DATABASE", "mysql://x")];
    let told = refusal(&home, &["--listen", &taken], &both).await;
    assert!(told.contains("mysql://x"), "{told}");
    let both = [("DATABASE_URL", "mysql://second"), ("STACKFIT_DATABASE", "mysql://first")];
    assert!(refusal(&home, &[], &both).await.contains("mysql://first"));
    assert!(refusal(&home, &[], &both[..1]).await.contains("mysql://second"));
    assert!(refusal(&home, &["--database", "mysql://flag"], &both).await.contains("mysql://flag"));
}

#[tokio::test]
async fn passwords_are_never_shown() {
    for url in [
        "postgres://me:sekret@127.0.0.1:1/x",
        "postgres://me:sekret@127.0.0.1:99999/x",
        "postgres://me:se/kret@127.0.0.1/x",
        "postgres://127.0.0.1:1/x?user=me&password=sekret",
        "postgres://me:sekret@[::1/x",
    ] {
        let told = refusal(&TempDir::new().unwrap(), &["--database", url], &[]).await;
        assert!(!told.contains("kret"), "{told}");
    }
}

#[tokio::test]
async fn a_level_that_is_none() {
    let told = refusal(&TempDir::new().unwrap(), &["--log", "loud"], &[]).await;
    assert!(told.contains("`loud` is no level") && told.contains("info"), "{told}");
}

#[tokio::test]
async fn a_database_in_memory_is_refused_and_leaves_no_file() {
    let home = TempDir::new().unwrap();
    let output =
        command(&home).current_dir(&home).args(["--database", "sqlite://:memory:"]).output().await.unwrap();
    assert!(text(&output.stderr).contains("a file must be named"), "{output:?}");
    assert_eq!(fs::read_dir(&home).unwrap().count(), 0);
}

#[tokio::test]
async fn an_unfinished_request_does_not_keep_it_from_stopping() {
    use std::io::Write;
    let home = TempDir::new().unwrap();
    let file = home.path().join("a.toml");
    fs::write(&file, "request_timeout_seconds = 1\n").unwrap();
    let mut server = serve(&home, &["--config", file.to_str().unwrap()]).await;
    let mut socket = std::net::TcpStream::connect(server.url.trim_start_matches("http://")).unwrap();
    socket.write_all(b"POST /graphql HTTP/1.1\r\nHost: x\r\n").unwrap();
    let id = server.child.id().unwrap().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let ended = tokio::time::timeout(std::time::Duration::from_secs(20), server.child.wait()).await;
    assert!(ended.expect("it ends").unwrap().success());
}
