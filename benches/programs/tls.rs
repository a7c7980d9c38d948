//! How fast a client shakes hands and reads, with each library for TLS in turn. The server is another process of this
//! program, with the same library for both.
//!
//! Writes a line for each measurement: library, quantity, value.

use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use rustls::crypto::{CryptoProvider, aws_lc_rs, ring};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection, Stream};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// The size of a response to `bulk`, in bytes.
const CHUNK: usize = 64 * 1024;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve"] => serve(),
        [runs, handshakes, mebibytes] => measure(runs.parse()?, handshakes.parse()?, mebibytes.parse()?),
        _ => Err("usage: tls RUNS HANDSHAKES MEBIBYTES".into()),
    }
}

/// Says its port and, in hexadecimal, its certificate; then answers until the one who asks is gone.
fn serve() -> Outcome<()> {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()])?;
    let certificate = made.cert.der().clone();
    let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key.into())?;
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let digits: String = certificate.iter().map(|byte| format!("{byte:02x}")).collect();
    println!("{} {digits}", listener.local_addr()?.port());
    // When the input ends, the parent process has ended.
    std::thread::spawn(|| {
        let _ = std::io::stdin().read(&mut [0]);
        std::process::exit(0);
    });
    for socket in listener.incoming() {
        // One that breaks off is the business of the client.
        let _ = answer(socket?, &config);
    }
    Ok(())
}

/// Sends as many chunks as the client asks for, and a last byte.
fn answer(mut socket: TcpStream, config: &Arc<ServerConfig>) -> Outcome<()> {
    socket.set_nodelay(true)?;
    let mut connection = ServerConnection::new(config.clone())?;
    let mut stream = Stream::new(&mut connection, &mut socket);
    let mut count = [0; 4];
    stream.read_exact(&mut count)?;
    let chunk = vec![7; CHUNK];
    for _ in 0..u32::from_be_bytes(count) {
        stream.write_all(&chunk)?;
    }
    stream.write_all(&[1])?;
    stream.conn.send_close_notify();
    stream.flush()?;
    Ok(())
}

fn measure(runs: usize, handshakes: u32, mebibytes: u32) -> Outcome<()> {
    let mut server =
        Command::new(std::env::current_exe()?).arg("serve").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut line = String::new();
    BufReader::new(server.stdout.take().ok_or("no output")?).read_line(&mut line)?;
    let (port, digits) = line.trim().split_once(' ').ok_or("the server says nothing")?;
    let port: u16 = port.parse()?;
    let der: Result<Vec<u8>, _> =
        (0..digits.len() / 2).map(|index| u8::from_str_radix(&digits[2 * index..2 * index + 2], 16)).collect();
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(der?))?;
    let roots = Arc::new(roots);

    let libraries = [("aws-lc-rs", aws_lc_rs::default_provider()), ("ring", ring::default_provider())];
    let mut out = std::io::stdout().lock();
    // One more, of which nothing is kept: it brings all into memory.
    for run in 0..=runs {
        for (name, provider) in &libraries {
            let config = client(provider, &roots)?;
            let (wall, cpu) = timed(|| (0..handshakes).try_for_each(|_| talk(&config, port, 0)))?;
            let (bulk_wall, bulk_cpu) = timed(|| talk(&config, port, mebibytes * 16))?;
            if run == 0 {
                continue;
            }
            let count = f64::from(handshakes);
            let size = f64::from(mebibytes);
            writeln!(out, "{name}\thandshakes/s\t{}", count / wall)?;
            writeln!(out, "{name}\tCPU µs a handshake\t{}", cpu * 1e6 / count)?;
            writeln!(out, "{name}\tMiB/s read\t{}", size / bulk_wall)?;
            writeln!(out, "{name}\tCPU µs a MiB read\t{}", bulk_cpu * 1e6 / size)?;
        }
    }
    drop(server.stdin.take());
    server.wait()?;
    Ok(())
}

/// A client that never takes up an earlier session, so that each handshake is a whole one.
fn client(provider: &CryptoProvider, roots: &Arc<RootCertStore>) -> Outcome<Arc<ClientConfig>> {
    let mut config = ClientConfig::builder_with_provider(Arc::new(provider.clone()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots.clone())
        .with_no_client_auth();
    config.resumption = rustls::client::Resumption::disabled();
    Ok(Arc::new(config))
}

/// A connection, and `chunks` chunks over it.
fn talk(config: &Arc<ClientConfig>, port: u16, chunks: u32) -> Outcome<()> {
    let mut socket = TcpStream::connect(("127.0.0.1", port))?;
    socket.set_nodelay(true)?;
    let mut connection = ClientConnection::new(config.clone(), "localhost".try_into()?)?;
    let mut stream = Stream::new(&mut connection, &mut socket);
    stream.write_all(&chunks.to_be_bytes())?;
    let mut left = chunks as usize * CHUNK + 1;
    let mut buffer = vec![0; CHUNK];
    while left > 0 {
        let most = left.min(CHUNK);
        match stream.read(&mut buffer[..most])? {
            0 => return Err("the server broke off".into()),
            count => left -= count,
        }
    }
    Ok(())
}

/// How long it takes, and how long the processor works for this process, in seconds.
fn timed(work: impl FnOnce() -> Outcome<()>) -> Outcome<(f64, f64)> {
    let (start, before) = (Instant::now(), processor()?);
    work()?;
    Ok((start.elapsed().as_secs_f64(), processor()? - before))
}

fn processor() -> Outcome<f64> {
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    Ok((usage.user_time().num_microseconds() + usage.system_time().num_microseconds()) as f64 / 1e6)
}
