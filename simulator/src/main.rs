//! The stand-alone program.

mod arguments;
mod signals;

use std::{
    fs,
    io::{self, Write as _},
    path::PathBuf,
    pin::pin,
    process::ExitCode,
    thread,
};

use clap::{Parser as _, error::ErrorKind};
use ontap_ipsec_simulator::{Builder, ClusterState, ERROR_CODES, Recording, Simulator, StateFile};
use tokio::sync::oneshot;

use crate::arguments::Arguments;

/// The number of requests that the page can show.
const RECORDED: usize = 100;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            // If standard output is closed, nobody reads an error either.
            let _ = error.print();
            return ExitCode::SUCCESS;
        }
        Err(error) => return fail(&first_paragraph(&error.to_string())),
    };
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => fail(&message),
    }
}

async fn run(arguments: Arguments) -> Result<(), String> {
    if arguments.error_codes {
        return print_error_codes().map_err(|error| format!("cannot print the error codes: {error}"));
    }
    // Registered before the first output, because a parent process can send a signal right after the first line.
    let interrupted = signals::interruption().map_err(|error| format!("cannot wait for signals: {error}"))?;
    let mut interrupted = pin!(interrupted);
    let ca_out = arguments.ca_out.clone();
    let mut simulator = builder(arguments)?.start().await.map_err(|error| error.to_string())?;
    if let Some(path) = ca_out {
        tokio::select! {
            () = interrupted.as_mut() => return Ok(()),
            written = write_ca_pem(simulator, path) => simulator = written?,
        }
    }
    announce(simulator.url()).map_err(|error| format!("cannot print the URL: {error}"))?;
    let file = simulator.state_file();
    tokio::select! {
        () = interrupted => {}
        never = warn(file.clone()) => match never {},
    }
    simulator.shutdown().await;
    match file.as_ref().and_then(|file| Some((file.path(), file.error()?))) {
        None => Ok(()),
        Some((path, error)) => Err(format!("the last changes are not in {}: {error}", path.display())),
    }
}

fn builder(arguments: Arguments) -> Result<Builder, String> {
    let mut builder = Simulator::builder();
    if let Some(path) = &arguments.cluster {
        let text = fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        let state = ClusterState::from_toml(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        builder = builder.cluster(state);
    }
    for (name, uuid) in arguments.svm {
        builder = builder.svm(name, uuid);
    }
    if let Some(count) = arguments.policies {
        builder = builder.policies(count);
    }
    if arguments.plain_http {
        builder = builder.plain_http();
    }
    if let Some(path) = arguments.state {
        builder = builder.state_file(path);
    }
    Ok(builder
        .user(arguments.user, arguments.password)
        .listen(arguments.listen)
        .recording(Recording::Redacted(RECORDED)))
}

/// Writes the CA certificate. Opening a FIFO blocks until another process reads it, so the write has its own thread. An
/// interruption ends the program without waiting for the thread.
async fn write_ca_pem(simulator: Simulator, path: PathBuf) -> Result<Simulator, String> {
    let (done, written) = oneshot::channel();
    thread::spawn(move || {
        let result = simulator.write_ca_pem(&path).map_err(|error| format!("cannot write {}: {error}", path.display()));
        // After an interruption, nobody receives the result.
        let _ = done.send(result.map(|()| simulator));
    });
    written.await.map_err(|error| error.to_string())?
}

/// Prints a warning when writes of the state file begin to fail.
async fn warn(file: Option<StateFile>) -> std::convert::Infallible {
    let Some(mut file) = file else { return std::future::pending().await };
    loop {
        let error = file.failure().await;
        let _ = writeln!(io::stderr(), "warning: cannot write {}: {error}", file.path().display());
    }
}

fn print_error_codes() -> io::Result<()> {
    let text = serde_json::to_string_pretty(ERROR_CODES)?;
    match writeln!(io::stdout().lock(), "{text}") {
        // The reader has closed the pipe, as `head` does.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

fn announce(url: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "listening on {url}")?;
    stdout.flush()
}

/// Returns the first paragraph of clap's error as one line, without the usage hints.
fn first_paragraph(text: &str) -> String {
    let lines: Vec<_> = text.lines().take_while(|line| !line.trim().is_empty()).map(str::trim).collect();
    let line = lines.join(" ");
    line.strip_prefix("error: ").unwrap_or(&line).to_owned()
}

fn fail(message: &str) -> ExitCode {
    let _ = writeln!(io::stderr(), "error: {message}");
    ExitCode::from(2)
}
