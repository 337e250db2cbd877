//! The real program in a process of its own.

use std::{
    path::PathBuf,
    process::{Output, Stdio},
    sync::OnceLock,
    time::{Duration, Instant},
};

use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// The path of the program, built when it is not.
pub fn path() -> &'static PathBuf {
    PROGRAM.get_or_init(|| {
        let output = std::process::Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--package", "stackfit-server", "--bin", "stackfit"])
            .args(if cfg!(debug_assertions) { &[][..] } else { &["--release"] })
            .arg("--message-format=json")
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let executable = String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
            .find_map(|message| Some(PathBuf::from(message["executable"].as_str()?)));
        executable.expect("cargo names the executable")
    })
}

/// The program with an empty home and none of the environment's settings.
pub fn command(home: &TempDir) -> Command {
    let mut command = Command::new(path());
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("STACKFIT_") || name.starts_with("XDG_") || name == "DATABASE_URL" {
            command.env_remove(name);
        }
    }
    command.env("HOME", home.path()).kill_on_drop(true);
    command
}

/// Runs the program to its end.
pub async fn run(home: &TempDir, arguments: &[&str]) -> Output {
    command(home).args(arguments).output().await.unwrap()
}

/// A program that serves.
pub struct Server {
    /// Its process.
    pub child: Child,
    /// Its address: `http://127.0.0.1:12345`.
    pub url: String,
    /// How long it took to be ready.
    pub ready_after: Duration,
}

/// Starts the program on a free port and waits until it says that it is ready.
pub async fn serve(home: &TempDir, arguments: &[&str]) -> Server {
    let started = Instant::now();
    let mut child = command(home)
        .args(["serve", "--listen", "127.0.0.1:0"])
        .args(arguments)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut log = String::new();
    while let Some(line) = lines.next_line().await.unwrap() {
        if let Some((_, rest)) = line.split_once("ready at ") {
            let url = rest.split(',').next().unwrap().to_owned();
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Server { child, url, ready_after: started.elapsed() };
        }
        log.push_str(&line);
        log.push('\n');
    }
    panic!("the program ended: {log}");
}

impl Server {
    /// Sends a document and hands back the body.
    pub async fn ask(&self, document: &str) -> serde_json::Value {
        let body = serde_json::json!({ "query": document });
        let client = reqwest::Client::new();
        client.post(format!("{}/graphql", self.url)).json(&body).send().await.unwrap().json().await.unwrap()
    }
}
