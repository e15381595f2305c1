//! How a command ends: done, done with errors among the findings, or failed.

use belcheer_domain::{Finding, Severity, worst};

/// A command that did its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Exit code 0.
    Done,
    /// Exit code 1: done, with findings of severity error.
    DoneWithErrors,
}

impl Outcome {
    /// The outcome that belongs to some findings.
    pub fn of(findings: &[Finding]) -> Self {
        if worst(findings) == Some(Severity::Error) { Self::DoneWithErrors } else { Self::Done }
    }
}

/// A command that could not do its work.
#[derive(Debug)]
pub enum Failure {
    /// Exit code 2: the command line does not fit.
    Usage(String),
    /// Exit code 3: an input was refused.
    Refused {
        /// Stable machine code, snake case.
        code: String,
        /// One English sentence: which file, which place, what to do.
        english: String,
        /// The same in Mongolian, where there is one.
        mongolian: Option<String>,
    },
    /// Exit code 4: something inside went wrong.
    Internal(anyhow::Error),
}

impl Failure {
    /// A refusal in English of what is no foreign file: a scheme, a request.
    pub fn refused(text: impl Into<String>) -> Self {
        Self::Refused { code: "refused".to_owned(), english: text.into(), mongolian: None }
    }

    /// Whether the reader of standard output has gone, which is no failure.
    pub fn is_broken_pipe(&self) -> bool {
        let Self::Internal(error) = self else { return false };
        error.chain().any(|cause| {
            cause.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
                || cause.to_string().contains("Broken pipe")
        })
    }

    /// Tells the user on standard error.
    #[expect(clippy::print_stderr, reason = "this is where the user is told")]
    pub fn report(&self) {
        match self {
            Self::Usage(text) => eprintln!("usage: {text}"),
            Self::Refused { code, english, mongolian } => {
                eprintln!("refused: {english} [{code}]");
                if let Some(text) = mongolian {
                    eprintln!("татгалзав: {text}");
                }
            }
            Self::Internal(error) => eprintln!("error: {error:#}"),
        }
    }
}

impl From<&belcheer_door::Refusal> for Failure {
    fn from(refusal: &belcheer_door::Refusal) -> Self {
        Self::Refused {
            code: refusal.code.clone(),
            english: refusal.to_string(),
            mongolian: Some(refusal.text_mn.clone()),
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl From<belcheer_catalog::CatalogError> for Failure {
    fn from(error: belcheer_catalog::CatalogError) -> Self {
        Self::Internal(error.into())
    }
}

impl From<belcheer_assessment::AssessmentError> for Failure {
    fn from(error: belcheer_assessment::AssessmentError) -> Self {
        use belcheer_assessment::AssessmentError as E;
        match error {
            E::NoSoums
            | E::UnknownSoum(_)
            | E::Scheme(_)
            | E::ParameterSet(_)
            | E::SchemeParameter { .. }
            | E::SchemeLine { .. }
            | E::Zones { .. }
            | E::Refused(_) => Self::refused(error.to_string()),
            E::Periods { .. } => Self::Usage(error.to_string()),
            other => Self::Internal(other.into()),
        }
    }
}
