use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A directory of one test, with the binary to run in it.
pub struct Place {
    dir: TempDir,
}

/// What a command left behind.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Place {
    pub fn new() -> Self {
        Self { dir: tempfile::tempdir().expect("the temporary directory can be written") }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn data(&self) -> PathBuf {
        self.path("data")
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("below the directory"))
            .expect("the test's own directory");
        std::fs::write(&path, bytes).expect("the test's own directory");
        path
    }

    /// The binary with these words and the data directory of this place.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = plain();
        command.args(words).arg("--data-dir").arg(self.data());
        command
    }

    pub fn run(&self, words: &[&str]) -> Ran {
        ran(self.command(words))
    }
}

/// The binary without anything of the caller's environment that it would read.
pub fn plain() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_brandwright"));
    command.env_remove("BRANDWRIGHT_DATA").stdin(Stdio::null());
    command
}

pub fn ran(mut command: Command) -> Ran {
    let output = command.output().expect("the binary runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("what is printed is UTF-8");
    Ran { code: output.status.code().expect("no signal"), out: text(output.stdout), err: text(output.stderr) }
}

/// Runs with a text on standard input.
pub fn ran_with(mut command: Command, input: &str) -> Ran {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("the binary reads");
    let output = child.wait_with_output().expect("the binary ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("what is printed is UTF-8");
    Ran { code: output.status.code().expect("no signal"), out: text(output.stdout), err: text(output.stderr) }
}

impl Ran {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    #[track_caller]
    pub fn good(self) -> Self {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }

    /// Expects this exit code, words on standard error, and nothing on standard output.
    #[track_caller]
    pub fn refused(self, code: i32, words: &[&str]) -> Self {
        assert_eq!((self.code, self.out.as_str()), (code, ""), "{self:?}");
        for word in words {
            assert!(self.err.contains(word), "{word} is not in {:?}", self.err);
        }
        self
    }
}

pub fn shown(path: &Path) -> String {
    path.display().to_string()
}
