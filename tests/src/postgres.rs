//! A throw-away Postgres for the whole test run, from the server programs of the machine.
//!
//! It listens on a socket in its own folder only. A supervisor ends it and removes the folder when this process
//! is gone, however it went.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};

/// The name of the socket of a Postgres in its folder.
pub const SOCKET: &str = ".s.PGSQL.5432";

/// A running Postgres.
pub struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
}

static CLUSTER: OnceLock<Cluster> = OnceLock::new();
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// Ends the server when its standard input ends, which it does when the process that holds it dies.
const SUPERVISOR: &str = r#"
    folder=$1; shift
    "$@" >"$folder/log" 2>&1 &
    cat >/dev/null
    kill -INT "$(head -n 1 "$folder/data/postmaster.pid")"
    wait
    rm -rf "$folder"
"#;

impl Cluster {
    /// The Postgres of this test run. Without the server programs the tests fail: no database is skipped.
    pub fn get() -> &'static Self {
        CLUSTER.get_or_init(Self::start)
    }

    fn start() -> Self {
        let programs = programs();
        let folder = tempfile::Builder::new().prefix("stackfit-postgres-").tempdir().unwrap().keep();
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(&folder));
        }
        let data = folder.join("data");
        // A locale that sorts otherwise than by code points shows where an order depends on it.
        let mut initdb = as_owner(&programs.join("initdb"));
        run(initdb
            .args(["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8"])
            .args(["--locale-provider=icu", "--icu-locale=en-US", "--pgdata"])
            .arg(&data));
        let mut server = as_owner(&programs.join("postgres"));
        server.arg("-D").arg(&data).arg("-k").arg(&folder);
        for setting in ["listen_addresses=", "fsync=off", "full_page_writes=off", "max_connections=300"] {
            server.args(["-c", setting]);
        }
        let mut supervisor = Command::new("sh");
        supervisor.args(["-c", SUPERVISOR, "supervisor"]).arg(&folder).arg(server.get_program());
        supervisor.args(server.get_args()).stdin(Stdio::piped());
        // The pipe must stay open for as long as this process lives.
        std::mem::forget(supervisor.spawn().unwrap());
        let cluster = Self { programs, folder };
        cluster.wait();
        cluster
    }

    fn wait(&self) {
        for _ in 0..200 {
            let ready = self.client("pg_isready").stdout(Stdio::null()).status().unwrap();
            if ready.success() {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        panic!("Postgres did not start: {log}");
    }

    fn client(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.arg("-h").arg(&self.folder).args(["-U", "postgres"]);
        command
    }

    /// Makes a new database, empty or as a copy of another, and hands back its name.
    pub fn create(&self, template: Option<&str>) -> String {
        let name = format!("test_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        let mut createdb = self.client("createdb");
        if let Some(template) = template {
            createdb.args(["--template", template]);
        }
        run(createdb.arg(&name));
        name
    }

    /// Removes a database, also while somebody is connected. One that cannot be removed goes with the whole server.
    pub fn drop(&self, name: &str) {
        let _ = self.client("dropdb").args(["--if-exists", "--force", name]).output();
    }

    /// Runs SQL in a database.
    pub fn execute(&self, database: &str, sql: &str) -> String {
        let output = self.client("psql").args(["-qtA", "-d", database, "-c", sql]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Its socket.
    pub fn socket(&self) -> PathBuf {
        self.folder.join(SOCKET)
    }

    /// The address of a database.
    pub fn url(&self, name: &str) -> String {
        url(name, &self.folder)
    }
}

/// The address of a database by the folder of its server's socket.
pub fn url(name: &str, folder: &Path) -> String {
    format!("postgres://postgres@localhost/{name}?host={}", folder.display())
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output().unwrap();
    output.stdout.trim_ascii() == b"0"
}

/// Postgres refuses to run as root: then it runs as its own user.
fn as_owner(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program);
    command
}

/// The folder of the server programs: the newest of the Debian-like places, or one on the PATH.
fn programs() -> PathBuf {
    let mut folders: Vec<PathBuf> = Vec::new();
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        folders.extend(versions.flatten().map(|entry| entry.path().join("bin")));
        folders.sort();
        folders.reverse();
    }
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let has_all = |folder: &PathBuf| {
        ["initdb", "postgres", "pg_isready", "createdb", "dropdb", "psql"]
            .iter()
            .all(|name| folder.join(name).exists())
    };
    folders.into_iter().find(has_all).expect(
        "the PostgreSQL server is not installed; tests/run installs it, or: apt-get install postgresql",
    )
}

fn run(command: &mut Command) {
    let output = command.current_dir("/").output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
