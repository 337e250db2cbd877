//! Takes the playground's GraphiQL from its npm package. Without npm the program builds all the same, and its page
//! says how to get the playground.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::Command,
};

const ASSETS: [&str; 5] =
    ["graphiql.js", "graphiql.css", "editor.worker.js", "json.worker.js", "graphql.worker.js"];
const INPUTS: [&str; 4] = ["package.json", "package-lock.json", ".npmrc", "extract.mjs"];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../../schema/operations");
    println!("cargo::rerun-if-env-changed=STACKFIT_SKIP_PLAYGROUND");
    for input in INPUTS {
        println!("cargo::rerun-if-changed=playground/{input}");
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("playground");
    let skipped = env::var_os("STACKFIT_SKIP_PLAYGROUND").is_some();
    let built = if skipped { Err("STACKFIT_SKIP_PLAYGROUND is set".to_owned()) } else { build(&out) };
    if let Err(reason) = built {
        println!("cargo::warning=the playground is not built in: {reason}");
        // A file that never exists: cargo tries again with the next build.
        println!("cargo::rerun-if-changed=playground/never");
        write_empty(&out).expect("OUT_DIR is writable");
    }
}

fn build(out: &Path) -> Result<(), String> {
    let work = out.join("work");
    fs::create_dir_all(&work).map_err(|error| error.to_string())?;
    for input in INPUTS {
        fs::copy(Path::new("playground").join(input), work.join(input)).map_err(|error| error.to_string())?;
    }
    let install = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    run(Command::new("npm").args(install).current_dir(&work), "npm")?;
    run(Command::new("node").arg("extract.mjs").arg(out).current_dir(&work), "node")
}

fn run(command: &mut Command, name: &str) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{name} could not be started: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let last = text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("no message").to_owned();
    Err(format!("{name} failed: {last}"))
}

fn write_empty(out: &Path) -> io::Result<()> {
    fs::create_dir_all(out)?;
    for asset in ASSETS {
        fs::write(out.join(format!("{asset}.gz")), [])?;
    }
    Ok(())
}
