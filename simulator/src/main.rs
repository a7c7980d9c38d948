//! The simulator as a program of its own.

use std::{
    fs,
    io::{self, Write as _},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, error::ErrorKind};
use ontap_ipsec_simulator::Simulator;
use uuid::Uuid;

/// An in-memory look-alike of the ONTAP 9.15.1 REST API for IPsec policies.
///
/// The first line that it prints says where it listens. It runs until it is interrupted, and forgets everything then.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Address and port to listen at; port 0 stands for any free port
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: SocketAddr,

    /// Serve HTTP without TLS
    #[arg(long)]
    plain_http: bool,

    /// Name of the account that may sign in
    #[arg(long, value_name = "NAME", default_value = "admin")]
    user: String,

    /// Password of the account; other users of the host can see it here, but not in the environment
    #[arg(long, env = "ONTAP_SIMULATOR_PASSWORD", hide_env_values = true, default_value = "netapp1!")]
    password: String,

    /// An SVM of the cluster; can be repeated
    #[arg(
        long,
        value_name = "NAME=UUID",
        value_parser = svm,
        default_value = "svm1=02c9e252-41be-11e9-81d5-00a0986138f7"
    )]
    svm: Vec<(String, Uuid)>,

    /// Number of made-up policies to start with
    #[arg(long, value_name = "N", default_value_t = 0)]
    policies: u32,

    /// Write the certificate of the authority to trust to this file, in PEM
    #[arg(long, value_name = "FILE", conflicts_with = "plain_http")]
    ca_out: Option<PathBuf>,
}

/// Reads `name=uuid`.
fn svm(text: &str) -> Result<(String, Uuid), String> {
    match text.split_once('=') {
        Some((name, uuid)) if !name.is_empty() => match Uuid::try_parse(uuid) {
            Ok(uuid) => Ok((name.to_owned(), uuid)),
            Err(_) => Err(format!("{uuid} is no UUID")),
        },
        _ => Err("it has to be NAME=UUID".to_owned()),
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            // Nobody to tell if this fails.
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
    // Before anything is printed, so that a signal that comes right after the first line is not lost.
    let interrupted = interruption().map_err(|error| format!("cannot wait for signals: {error}"))?;
    let mut builder = Simulator::builder()
        .user(arguments.user, arguments.password)
        .policies(arguments.policies)
        .listen(arguments.listen)
        .recording(false);
    if arguments.plain_http {
        builder = builder.plain_http();
    }
    for (name, uuid) in arguments.svm {
        builder = builder.svm(name, uuid);
    }
    let simulator = builder.start().await.map_err(|error| error.to_string())?;
    if let (Some(path), Some(pem)) = (&arguments.ca_out, simulator.ca_pem()) {
        write_whole(path, pem).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    announce(simulator.url()).map_err(|error| format!("cannot print where I listen: {error}"))?;
    interrupted.await;
    simulator.shutdown().await;
    Ok(())
}

/// Writes the file whole or not at all: whoever waits for it never sees a part of it.
fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let name = path.file_name().ok_or_else(|| io::Error::from(io::ErrorKind::IsADirectory))?;
    let mut temporary = name.to_owned();
    temporary.push(format!(".{}.tmp", Uuid::new_v4().simple()));
    let temporary = path.with_file_name(temporary);
    let written = fs::write(&temporary, text).and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // It may not be there at all; the first error is the one to report.
        let _ = fs::remove_file(&temporary);
    }
    written
}

fn announce(url: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "listening on {url}")?;
    stdout.flush()
}

/// Ends at Ctrl-C, and at SIGTERM where there is such a thing.
#[cfg(unix)]
fn interruption() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ends at Ctrl-C.
#[cfg(windows)]
fn interruption() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}

/// What clap says first, in one line, without its hints at the usage.
fn first_paragraph(text: &str) -> String {
    let lines: Vec<_> = text.lines().take_while(|line| !line.trim().is_empty()).map(str::trim).collect();
    let line = lines.join(" ");
    line.strip_prefix("error: ").unwrap_or(&line).to_owned()
}

fn fail(message: &str) -> ExitCode {
    let _ = writeln!(io::stderr(), "error: {message}");
    ExitCode::from(2)
}
