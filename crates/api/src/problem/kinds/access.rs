//! The refusals of those who may not, or may not now.

use axum::http::StatusCode;
use belcheer_catalog::{Action, CatalogError, Role};
use belcheer_domain::SoumCode;

use super::{plain, problem, quoted};
use crate::identity::IssueError;
use crate::problem::Problem;

impl Problem {
    /// The route is not for everybody, and no key was given.
    pub(crate) fn key_needed() -> Self {
        plain(
            StatusCode::UNAUTHORIZED,
            "key_needed",
            ("Түлхүүр хэрэгтэй", "A key is needed"),
            (
                "энэ хаягт түлхүүр хэрэгтэй; Authorization: Bearer <түлхүүр> толгой илгээнэ үү",
                "this address needs a key; send the header Authorization: Bearer <key>",
            ),
        )
    }

    /// The header `Authorization` has another form than ours.
    pub(crate) fn bad_authorization() -> Self {
        plain(
            StatusCode::UNAUTHORIZED,
            "bad_authorization",
            ("Authorization толгой буруу", "Bad Authorization header"),
            (
                "Authorization толгойд Bearer ба нэг түлхүүр эсвэл токен бичнэ үү; нийтлэгдсэн үр дүнд толгой хэрэггүй",
                "write Bearer and one key or token into Authorization; published results need no such header",
            ),
        )
    }

    /// No such key, or another secret.
    pub(crate) fn bad_key() -> Self {
        plain(
            StatusCode::UNAUTHORIZED,
            "bad_key",
            ("Түлхүүр буруу", "Bad key"),
            ("ийм түлхүүр алга; түлхүүрээ шалгана уу", "there is no such key; check what was copied"),
        )
    }

    /// The key was good once.
    pub(crate) fn ended_key() -> Self {
        plain(
            StatusCode::UNAUTHORIZED,
            "ended_key",
            ("Түлхүүрийн хугацаа дууссан", "The key has ended"),
            (
                "түлхүүрийн хугацаа дууссан эсвэл хүчингүй болсон; операторoос шинэ түлхүүр авна уу",
                "the key has expired or was revoked; ask the operator for a new one",
            ),
        )
    }

    /// A token that does not hold.
    pub(crate) fn bad_token() -> Self {
        plain(
            StatusCode::UNAUTHORIZED,
            "bad_token",
            ("Токен буруу", "Bad token"),
            (
                "токеныг хүлээж авах боломжгүй; дахин нэвтэрч шинэ токен авна уу",
                "the token cannot be taken; sign in again for a new one",
            ),
        )
    }

    /// A good token of somebody who is not enrolled.
    pub(crate) fn not_enrolled() -> Self {
        plain(
            StatusCode::FORBIDDEN,
            "not_enrolled",
            ("Бүртгэлгүй хэрэглэгч", "Not enrolled"),
            (
                "токен зөв боловч та энэ үйлчилгээнд бүртгэлгүй; операторт хандана уу",
                "the token is good, but you are not enrolled here; ask the operator",
            ),
        )
    }

    /// A role that may not ask this.
    pub(crate) fn role_may_not(role: Role) -> Self {
        problem(
            StatusCode::FORBIDDEN,
            "role_may_not",
            ("Эрх хүрэхгүй", "Not for this role"),
            (
                format!("{role} эрхтэй хүнд энэ үйлдлийг зөвшөөрөхгүй; /v1/me хаягаас эрхээ үзнэ үү"),
                format!("this is not for the role {role}; GET /v1/me says what you may"),
            ),
        )
    }

    /// A key without the action.
    pub(crate) fn action_not_granted(action: Action) -> Self {
        problem(
            StatusCode::FORBIDDEN,
            "action_not_granted",
            ("Түлхүүрт энэ үйлдэл алга", "Action not granted"),
            (
                format!("түлхүүрт {action} үйлдэл олгогдоогүй; операторт хандана уу"),
                format!("the key was not granted the action {action}; ask the operator"),
            ),
        )
    }

    /// A soum that is not the caller's.
    pub(crate) fn outside_scope(soum: SoumCode) -> Self {
        problem(
            StatusCode::FORBIDDEN,
            "outside_scope",
            ("Таны сум биш", "Outside your soums"),
            (
                format!("{soum} сум таны түлхүүрийн сумдад ороогүй; /v1/me хаягаас үзнэ үү"),
                format!("soum {soum} is not among those of your key; GET /v1/me lists them"),
            ),
        )
    }

    /// A route that nobody was given.
    pub(crate) fn closed_route() -> Self {
        plain(
            StatusCode::FORBIDDEN,
            "closed_route",
            ("Хаалттай хаяг", "Closed address"),
            ("энэ хаягийг хэнд ч нээгээгүй байна", "this address is not open to anybody"),
        )
    }

    /// One request too many.
    pub(crate) fn too_many_requests(seconds: u64) -> Self {
        problem(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_requests",
            ("Хэт олон хүсэлт", "Too many requests"),
            (
                format!("хүсэлт хэт олон байна; {seconds} секундын дараа дахин оролдоно уу"),
                format!("there were too many requests; try again after {seconds} s"),
            ),
        )
    }

    /// A key that is not held.
    pub(crate) fn unknown_key(found: &str) -> Self {
        let found = quoted(found);
        problem(
            StatusCode::NOT_FOUND,
            "unknown_key",
            ("Ийм түлхүүр алга", "Unknown key"),
            (
                format!("{found} дугаартай түлхүүр алга; жагсаалтыг /v1/keys хаягаас үзнэ үү"),
                format!("no key is called {found}; GET /v1/keys lists them"),
            ),
        )
    }

    /// A body that is not of the form that the route takes.
    pub(crate) fn bad_body(error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        problem(
            StatusCode::BAD_REQUEST,
            "bad_body",
            ("Хүсэлтийн бие буруу", "Bad body"),
            (
                format!(
                    "хүсэлтийн биеийн {line}-р мөр, {column}-р багана буруу байна; хэлбэрийг /openapi.json-оос үзнэ үү"
                ),
                format!("the body is wrong at line {line}, column {column}; /openapi.json describes its form"),
            ),
        )
    }

    /// A key that cannot be made as asked.
    pub(crate) fn key_refused(error: &IssueError) -> Self {
        let mongolian = match error {
            IssueError::RoleNeeded { .. } => "эзэмшигч бүртгэлтэй хэрэглэгч биш; role талбарт эрхийг бичнэ үү",
            IssueError::RoleDiffers { .. } => "түлхүүр эзэмшигчийнхээ эрхээс өөр эрхтэй байж болохгүй",
            IssueError::HolderDisabled { .. } => "эзэмшигчийн бүртгэл хаагдсан; өөр эзэмшигч бичнэ үү",
            IssueError::WiderSoums { .. } => "түлхүүрийн сумд хэтэрхий өргөн; цөөн сум бичнэ үү",
            IssueError::Catalog(CatalogError::KeyActions { .. }) => "энэ эрхэд ийм үйлдэл олгох боломжгүй",
            IssueError::Catalog(CatalogError::KeyLife) => "түлхүүр 1-400 хоног хүчинтэй байна; өөр тоо бичнэ үү",
            IssueError::Catalog(CatalogError::KeyWords) => "label, holder талбар бүр 1-120 тэмдэгттэй байна",
            other => {
                tracing::error!(error = %other, "a key could not be made");
                return Self::internal();
            }
        };
        problem(
            StatusCode::UNPROCESSABLE_ENTITY,
            "key_refused",
            ("Ийм түлхүүр олгох боломжгүй", "No such key can be made"),
            (mongolian.to_owned(), error.to_string()),
        )
    }

    /// An idempotency key that cannot be used.
    pub(crate) fn bad_idempotency_key() -> Self {
        plain(
            StatusCode::BAD_REQUEST,
            "bad_idempotency_key",
            ("Idempotency-Key буруу", "Bad Idempotency-Key"),
            (
                "Idempotency-Key толгойд 1-128 харагдах ASCII тэмдэгт нэг удаа бичнэ үү",
                "write Idempotency-Key once, with 1 to 128 visible ASCII characters",
            ),
        )
    }

    /// The same idempotency key with another request.
    pub(crate) fn idempotency_key_reused() -> Self {
        plain(
            StatusCode::UNPROCESSABLE_ENTITY,
            "idempotency_key_reused",
            ("Idempotency-Key давхардсан", "Idempotency-Key used before"),
            (
                "энэ Idempotency-Key-ээр өөр хүсэлт илгээсэн байна; шинэ түлхүүр үг сонгоно уу",
                "another request had this Idempotency-Key; choose a new one",
            ),
        )
    }

    /// The same request is being answered.
    pub(crate) fn request_under_way() -> Self {
        plain(
            StatusCode::CONFLICT,
            "request_under_way",
            ("Хүсэлт биелж байна", "Request under way"),
            (
                "ижил хүсэлтийг биелүүлж байна; түр хүлээгээд дахин илгээнэ үү",
                "the same request is being answered; wait a little and send it again",
            ),
        )
    }
}
