//! The service as clients see it: the program serving a workspace, and requests written by hand, so that they can be
//! cut where a test wants.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::Workspace;

/// The program, serving; killed when dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    address: String,
    started_in: Duration,
}

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers, names in small letters.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Server {
    /// Starts `serve` on a free port, with variables of the environment; returns when it answers `/readyz`.
    ///
    /// # Panics
    /// When it does not within a minute.
    #[must_use]
    pub fn start(workspace: &Workspace, variables: &[(&str, &str)]) -> Self {
        let mut command = workspace.command(&["serve", "--listen", "127.0.0.1:0"]);
        command.envs(variables.iter().copied());
        Self::of(command)
    }

    /// Starts a command that serves.
    ///
    /// # Panics
    /// When it does not within a minute.
    #[must_use]
    pub fn of(mut command: Command) -> Self {
        let began = Instant::now();
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let mut lines = BufReader::new(child.stderr.take().expect("its messages")).lines();
        let mut said = String::new();
        let address = loop {
            let line = lines.next().unwrap_or_else(|| panic!("it ended: {said}")).expect("a line of text");
            if let Some((_, address)) = line.split_once(" on http://") {
                break address.trim().to_owned();
            }
            said += &format!("{line}\n");
        };
        // what it says later must not fill the pipe
        thread::spawn(move || lines.for_each(drop));
        let mut server = Self { child, address, started_in: Duration::ZERO };
        while server.try_ask("GET", "/readyz", &[], b"").is_none_or(|answer| answer.status != 200) {
            assert!(began.elapsed() < Duration::from_secs(60), "it is not ready");
            thread::sleep(Duration::from_millis(10));
        }
        server.started_in = began.elapsed();
        server
    }

    /// How long it took from its start to its first answer.
    #[must_use]
    pub fn started_in(&self) -> Duration {
        self.started_in
    }

    /// Host and port.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The id of its process.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Asks it politely to stop.
    ///
    /// # Panics
    /// When it does not end within 20 s, or not well.
    pub fn stop(&mut self) {
        let asked = Command::new("kill").arg(self.process().to_string()).status();
        assert!(asked.is_ok_and(|status| status.success()), "it can be asked");
        assert!(self.ends_within(20), "it does not stop");
        assert_eq!(self.child.wait().expect("it has ended").code(), Some(0), "a polite stop ends it well");
    }

    /// Ends it as a power cut would: it can do nothing about it.
    ///
    /// # Panics
    /// When it cannot be killed.
    pub fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it ends");
    }

    /// Waits for its end; `true` when it came within some seconds.
    #[must_use]
    pub fn ends_within(&mut self, seconds: u64) -> bool {
        let until = Instant::now() + Duration::from_secs(seconds);
        while Instant::now() < until {
            if self.child.try_wait().is_ok_and(|status| status.is_some()) {
                return true;
            }
            thread::sleep(Duration::from_millis(10));
        }
        false
    }

    /// Sends a request and reads the answer; `None` when the connection breaks.
    #[must_use]
    pub fn try_ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Option<Answer> {
        let mut stream = self.send_head(method, path, headers, body.len())?;
        // a refusal may come before all of the body was read
        drop(stream.write_all(body));
        read_answer(&mut stream)
    }

    /// Sends a request and reads the answer.
    ///
    /// # Panics
    /// When the connection breaks.
    #[must_use]
    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.try_ask(method, path, headers, body).unwrap_or_else(|| panic!("{method} {path} was not answered"))
    }

    /// Sends a request that announces more than it sends, and cuts the connection.
    ///
    /// # Panics
    /// When there is no connection at all.
    pub fn cut(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8], announced: usize) {
        let mut stream = self.send_head(method, path, headers, announced).expect("a connection");
        drop(stream.write_all(body));
        drop(stream.shutdown(std::net::Shutdown::Both));
    }

    fn send_head(&self, method: &str, path: &str, headers: &[(&str, &str)], length: usize) -> Option<TcpStream> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(120))).ok()?;
        let mut head = format!("{method} {path} HTTP/1.0\r\nhost: {}\r\ncontent-length: {length}\r\n", self.address);
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        head += "\r\n";
        stream.write_all(head.as_bytes()).ok()?;
        Some(stream)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn read_answer(stream: &mut TcpStream) -> Option<Answer> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).ok().filter(|n| *n > 0)?;
    let end = bytes.windows(4).position(|w| w == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let pair = |line: &str| Some((line.split_once(':')?.0.to_lowercase(), line.split_once(':')?.1.trim().to_owned()));
    Some(Answer { status, headers: lines.filter_map(pair).collect(), body: bytes[end + 4..].to_vec() })
}

impl Answer {
    /// A header; empty when it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The same when the status is this one.
    ///
    /// # Panics
    /// When it is not.
    #[must_use]
    pub fn with(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }
}

/// A client with a key.
#[derive(Debug, Clone)]
pub struct Client {
    bearer: String,
}

impl Client {
    /// Has a key issued on the command line.
    ///
    /// # Panics
    /// When that fails.
    #[must_use]
    pub fn of_role(workspace: &Workspace, role: &str) -> Self {
        let said = workspace.expect(&[0], &["key", "issue", "--role", role, "--holder", role, "--label", "test"]);
        let key = said.split_whitespace().find(|word| word.starts_with("soum_")).expect("a key");
        Self { bearer: format!("Bearer {key}") }
    }

    /// Asks with the key.
    #[must_use]
    pub fn ask(&self, server: &Server, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        server.ask(method, path, &self.signed(headers), body)
    }

    /// Asks for JSON.
    #[must_use]
    pub fn get(&self, server: &Server, path: &str) -> Answer {
        self.ask(server, "GET", path, &[], b"")
    }

    /// Sends JSON.
    #[must_use]
    pub fn post(&self, server: &Server, path: &str, body: &Value) -> Answer {
        self.ask(server, "POST", path, &[("content-type", "application/json")], body.to_string().as_bytes())
    }

    /// Headers with the key.
    #[must_use]
    pub fn signed<'a>(&'a self, headers: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        [&[("authorization", self.bearer.as_str())], headers].concat()
    }

    /// Begins an upload; its address.
    #[must_use]
    pub fn begin_upload(&self, server: &Server, name: &str, length: usize) -> String {
        let metadata = format!("filename {}", base64(name.as_bytes()));
        let length = length.to_string();
        let headers =
            [("tus-resumable", "1.0.0"), ("upload-length", length.as_str()), ("upload-metadata", metadata.as_str())];
        self.ask(server, "POST", "/uploads", &headers, b"").with(201).header("location").to_owned()
    }

    /// Sends a piece.
    #[must_use]
    pub fn send_piece(&self, server: &Server, upload: &str, offset: usize, bytes: &[u8]) -> Answer {
        let offset = offset.to_string();
        self.ask(server, "PATCH", upload, &piece_headers(&offset), bytes)
    }

    /// How many bytes of an upload are there.
    ///
    /// # Panics
    /// When the service does not say.
    #[must_use]
    pub fn offset(&self, server: &Server, upload: &str) -> usize {
        let answer = self.ask(server, "HEAD", upload, &[("tus-resumable", "1.0.0")], b"").with(200);
        answer.header("upload-offset").parse().expect("an offset")
    }

    /// Uploads a file in one piece; the draft's address.
    #[must_use]
    pub fn upload(&self, server: &Server, path: &Path) -> String {
        let bytes = std::fs::read(path).expect("a file");
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let upload = self.begin_upload(server, &name, bytes.len());
        let _sent = self.send_piece(server, &upload, 0, &bytes).with(204);
        upload.replace("/uploads/", "/v1/drafts/")
    }

    /// Waits until what an address answers has a state that is not among `passing`; what it answers then.
    ///
    /// # Panics
    /// When it does not within some seconds.
    #[must_use]
    pub fn wait(&self, server: &Server, path: &str, passing: &[&str], seconds: u64) -> Value {
        let until = Instant::now() + Duration::from_secs(seconds);
        loop {
            let body = self.get(server, path).with(200).json();
            if !passing.contains(&body["state"].as_str().unwrap_or_default()) {
                return body;
            }
            assert!(Instant::now() < until, "still {body}");
            thread::sleep(Duration::from_millis(50));
        }
    }
}

/// The headers of a piece.
#[must_use]
pub fn piece_headers(offset: &str) -> [(&str, &str); 3] {
    [("tus-resumable", "1.0.0"), ("content-type", "application/offset+octet-stream"), ("upload-offset", offset)]
}

/// Base64 of bytes.
#[must_use]
pub fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let n = three.iter().fold(0u32, |n, b| n << 8 | u32::from(*b)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let letter = LETTERS[(n >> (18 - 6 * place)) as usize & 63];
            text.push(if place <= three.len() { char::from(letter) } else { '=' });
        }
    }
    text
}
