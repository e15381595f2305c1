//! Arguments of `user` and `key`.

use belcheer_catalog::{Actions, Role, SoumScope};
use clap::{Args, Subcommand};

/// People who sign in.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Enrol somebody.
    Add(UserArgs),
    /// Everybody who is or was enrolled, as CSV.
    List,
    /// Let somebody do nothing any more, by tokens or by keys that they hold.
    Disable {
        /// Their name.
        name: String,
    },
}

/// Options of `user add`.
#[derive(Debug, Args)]
pub struct UserArgs {
    /// A short name: letters, digits, dots, dashes, underscores, @.
    pub name: String,
    /// What they are to the service: analyst, reviewer, platform or operator.
    #[arg(long)]
    pub role: Role,
    /// The subject (`sub`) of their tokens, when they sign in by an OpenID provider.
    #[arg(long)]
    pub subject: Option<String>,
    /// The soums that they may act on: codes with commas between, or all.
    #[arg(long, default_value = "all")]
    pub soums: SoumScope,
}

/// Keys of programs and people.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make a key; it is shown once, on standard output.
    Issue(IssueArgs),
    /// Every key that is or was held, as CSV; never a secret.
    List,
    /// Let a key count no more.
    Revoke {
        /// The part that names it, between the second and third underscore.
        id: String,
    },
    /// Make a key like another one, which goes on to count for a while.
    Rotate(RotateArgs),
}

/// Options of `key issue`.
#[derive(Debug, Args)]
pub struct IssueArgs {
    /// Who will hold it: the name of a user, whose role and soums it then has, or any other words.
    #[arg(long)]
    pub holder: String,
    /// What it is for; the holder when not given.
    #[arg(long)]
    pub label: Option<String>,
    /// Its role: analyst, reviewer, platform or operator; needed when the holder is no user.
    #[arg(long)]
    pub role: Option<Role>,
    /// What it may do, with commas between: read, upload, assess, review, publish, key, audit, operate; default: all that
    /// the role may.
    #[arg(long)]
    pub actions: Option<Actions>,
    /// The soums that it may act on: codes with commas between, or all.
    #[arg(long)]
    pub soums: Option<SoumScope>,
    /// How many days it lives.
    #[arg(long, default_value_t = 365, value_parser = clap::value_parser!(u16).range(1..=400))]
    pub days: u16,
}

/// Options of `key rotate`.
#[derive(Debug, Args)]
pub struct RotateArgs {
    /// The part that names the key to be replaced.
    pub id: String,
    /// For how many hours both count.
    #[arg(long, default_value_t = 168)]
    pub overlap_hours: u16,
    /// How many days the new one lives.
    #[arg(long, default_value_t = 365, value_parser = clap::value_parser!(u16).range(1..=400))]
    pub days: u16,
}
