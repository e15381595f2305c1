//! The refusals of the service, one function each.

mod access;
mod desk;

use axum::http::StatusCode;
use belcheer_domain::SoumCode;

use crate::lang::Text;
use crate::problem::Problem;

/// At most 60 visible characters of what a reader sent, for repeating it to them.
fn quoted(text: &str) -> String {
    let shown: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
    format!("\"{shown}\"")
}

fn problem(status: StatusCode, code: &'static str, title: (&str, &str), detail: (String, String)) -> Problem {
    Problem { status, code, title: Text::new(title.0, title.1), detail: Text::new(detail.0, detail.1) }
}

/// A refusal whose texts hold nothing of the request.
fn plain(status: StatusCode, code: &'static str, title: (&str, &str), detail: (&str, &str)) -> Problem {
    problem(status, code, title, (detail.0.to_owned(), detail.1.to_owned()))
}

impl Problem {
    /// A soum code that is not five digits with a leading zero.
    pub(crate) fn malformed_soum_code(found: &str) -> Self {
        let found_text = quoted(found);
        let meant = SoumCode::normalise(found).map(|(code, _)| code.to_string());
        let example = meant.as_deref().unwrap_or("06404");
        problem(
            StatusCode::BAD_REQUEST,
            "malformed_soum_code",
            ("Сумын код буруу бичигдсэн", "Malformed soum code"),
            (
                format!("{found_text} нь сумын код биш; тэгээр эхэлсэн таван оронтой тоо бичнэ үү, жишээ нь {example}"),
                format!("{found_text} is not a soum code; write five digits with a leading zero, such as {example}"),
            ),
        )
    }

    /// A soum that neither the boundaries nor any published result know.
    pub(crate) fn unknown_soum(code: SoumCode) -> Self {
        problem(
            StatusCode::NOT_FOUND,
            "unknown_soum",
            ("Ийм сум алга", "Unknown soum"),
            (
                format!("{code} кодтой сум алга; сумдын жагсаалтыг /v1/soums хаягаас үзнэ үү"),
                format!("no soum has the code {code}; GET /v1/soums lists them"),
            ),
        )
    }

    /// A cycle for which nothing is published.
    pub(crate) fn unknown_cycle(found: &str, known: &[String]) -> Self {
        let (found, known) = (quoted(found), known.join(", "));
        problem(
            StatusCode::NOT_FOUND,
            "unknown_cycle",
            ("Ийм тайлангийн мөчлөг алга", "Unknown cycle"),
            (
                format!("{found} мөчлөгт нийтэлсэн үр дүн алга; нийтэлсэн мөчлөг: {known}"),
                format!("nothing is published for the cycle {found}; published cycles: {known}"),
            ),
        )
    }

    /// Nothing at all is published.
    pub(crate) fn nothing_published() -> Self {
        problem(
            StatusCode::NOT_FOUND,
            "nothing_published",
            ("Нийтэлсэн үр дүн алга", "Nothing is published"),
            (
                "үр дүн хараахан нийтлээгүй байна; belcheer assess, дараа нь belcheer publish командыг ажиллуулна уу"
                    .into(),
                "no assessment is published yet; run belcheer assess, then belcheer publish".into(),
            ),
        )
    }

    /// A known soum that the cycle's assessment did not cover.
    pub(crate) fn no_result(code: SoumCode, cycle: &str) -> Self {
        problem(
            StatusCode::NOT_FOUND,
            "no_result",
            ("Энэ суманд үр дүн алга", "No result for this soum"),
            (
                format!(
                    "{code} сум {cycle} мөчлөгийн үнэлгээнд ороогүй; бусад мөчлөгийг /v1/soums/{code}/history хаягаас үзнэ үү"
                ),
                format!(
                    "soum {code} was not assessed in the cycle {cycle}; GET /v1/soums/{code}/history lists its cycles"
                ),
            ),
        )
    }

    /// A method that is not described.
    pub(crate) fn unknown_method(found: &str, known: &str) -> Self {
        let found = quoted(found);
        problem(
            StatusCode::NOT_FOUND,
            "unknown_method",
            ("Ийм арга алга", "Unknown method"),
            (
                format!("{found} гэсэн арга алга; тодорхойлсон аргууд: {known}"),
                format!("no method is called {found}; described methods: {known}"),
            ),
        )
    }

    /// A file that is not offered of a soum.
    pub(crate) fn unknown_file(found: &str, known: &str) -> Self {
        let found = quoted(found);
        problem(
            StatusCode::NOT_FOUND,
            "unknown_file",
            ("Ийм файл алга", "Unknown file"),
            (
                format!("{found} гэсэн файл алга; байгаа файлууд: {known}"),
                format!("no file is called {found}; there are: {known}"),
            ),
        )
    }

    /// A text that is no digest.
    pub(crate) fn malformed_digest(found: &str) -> Self {
        let found = quoted(found);
        problem(
            StatusCode::BAD_REQUEST,
            "malformed_digest",
            ("Хэш буруу бичигдсэн", "Malformed digest"),
            (
                format!("{found} нь хэш биш; sha256: ба 64 арван зургаатын цифр бичнэ үү"),
                format!("{found} is not a digest; write sha256: and 64 hexadecimal digits"),
            ),
        )
    }

    /// A data set that is not held.
    pub(crate) fn unknown_dataset() -> Self {
        problem(
            StatusCode::NOT_FOUND,
            "unknown_dataset",
            ("Ийм өгөгдөл алга", "Unknown data set"),
            (
                "ийм хэштэй өгөгдөл алга; жагсаалтыг /v1/datasets хаягаас үзнэ үү".into(),
                "no data set has this digest; GET /v1/datasets lists them".into(),
            ),
        )
    }

    /// A raster of which no pictures are shown.
    pub(crate) fn no_pictures() -> Self {
        plain(
            StatusCode::NOT_FOUND,
            "no_pictures",
            ("Зураг алга", "No pictures of this"),
            (
                "энэ өгөгдлийг газрын зураг дээр харуулахгүй; харуулдгийг /v1/rasters хаягаас үзнэ үү",
                "this data set is not shown on the map; GET /v1/rasters lists those that are",
            ),
        )
    }

    /// A collection that there is not.
    pub(crate) fn unknown_collection(found: &str) -> Self {
        let found = quoted(found);
        problem(
            StatusCode::NOT_FOUND,
            "unknown_collection",
            ("Ийм цуглуулга алга", "Unknown collection"),
            (
                format!("{found} гэсэн цуглуулга алга; soums эсвэл verification гэж бичнэ үү"),
                format!("there is no collection {found}; write soums or verification"),
            ),
        )
    }

    /// A tile outside of the scheme.
    pub(crate) fn no_such_tile(zoom: &str, row: &str, column: &str) -> Self {
        let found = quoted(&format!("{zoom}/{row}/{column}"));
        problem(
            StatusCode::NOT_FOUND,
            "no_such_tile",
            ("Ийм зургийн хавтан алга", "No such tile"),
            (
                format!("{found} хавтан алга; түвшин 0-22, мөр ба багана тухайн түвшинд байх ёстой"),
                format!("there is no tile {found}; zoom is 0 to 22, row and column must lie within the zoom"),
            ),
        )
    }

    /// An assessment that is not public and was not replaced by one that is.
    pub(crate) fn unknown_assessment(found: &str) -> Self {
        let found = quoted(found);
        problem(
            StatusCode::NOT_FOUND,
            "unknown_assessment",
            ("Ийм үнэлгээ алга", "Unknown assessment"),
            (
                format!("{found} дугаартай нийтэлсэн үнэлгээ алга; нийтэлсэн үнэлгээг /v1/cycles хаягаас үзнэ үү"),
                format!("no assessment {found} is published; GET /v1/cycles names those that are"),
            ),
        )
    }

    /// A query parameter that the route does not know.
    pub(crate) fn unknown_parameter(found: &str, known: &[String]) -> Self {
        let found = quoted(found);
        let known = if known.is_empty() { "-".to_owned() } else { known.join(", ") };
        problem(
            StatusCode::BAD_REQUEST,
            "unknown_parameter",
            ("Үл мэдэгдэх параметр", "Unknown query parameter"),
            (
                format!("{found} гэсэн параметр энд алга; боломжит параметр: {known}"),
                format!("this address takes no parameter {found}; it takes: {known}"),
            ),
        )
    }

    /// A query parameter whose value cannot be used; `expected` says what can, Mongolian and English.
    pub(crate) fn bad_parameter(name: &str, found: &str, expected: (&str, &str)) -> Self {
        let found = quoted(found);
        problem(
            StatusCode::BAD_REQUEST,
            "bad_parameter",
            ("Параметрийн утга буруу", "Bad query parameter"),
            (
                format!("{name} параметрийн утга {found} байна; зөв утга: {}", expected.0),
                format!("parameter {name} is {found}; it must be {}", expected.1),
            ),
        )
    }

    /// A request that cannot be read.
    pub(crate) fn bad_request() -> Self {
        problem(
            StatusCode::BAD_REQUEST,
            "bad_request",
            ("Хүсэлтийг уншиж чадсангүй", "Bad request"),
            (
                "хаяг эсвэл параметр зөв кодлогдоогүй байна; UTF-8 хувиар кодлоно уу".into(),
                "the address or its parameters are not encoded well; percent-encode them as UTF-8".into(),
            ),
        )
    }

    /// The service's own failure; tells nothing of the cause.
    pub(crate) fn internal() -> Self {
        problem(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            ("Дотоод алдаа", "Internal error"),
            (
                "хүсэлтийг биелүүлж чадсангүй; дахин оролдоно уу, давтагдвал request_id-г администраторт өгнө үү"
                    .into(),
                "the request could not be answered; try again, and give the request_id to the operator if it persists"
                    .into(),
            ),
        )
    }

    /// The refusal that stands for a bare status.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        let (code, title, detail) = match status {
            StatusCode::NOT_FOUND => (
                "not_found",
                ("Ийм хаяг алга", "Not found"),
                (
                    "энэ хаягт юу ч алга; боломжит хаягуудыг /openapi.json-оос үзнэ үү",
                    "there is nothing at this address; GET /openapi.json lists what there is",
                ),
            ),
            StatusCode::METHOD_NOT_ALLOWED => (
                "method_not_allowed",
                ("Энэ үйлдэл боломжгүй", "Method not allowed"),
                (
                    "энэ хаяг ийм үйлдлийг зөвшөөрөхгүй; Allow толгойг үзнэ үү",
                    "this address does not take this method; the Allow header names those it takes",
                ),
            ),
            StatusCode::PAYLOAD_TOO_LARGE => (
                "too_large",
                ("Хүсэлт хэт том", "Request too large"),
                ("хүсэлтийн бие хэт том; багасгана уу", "the request body is too large; send less"),
            ),
            StatusCode::SERVICE_UNAVAILABLE => (
                "unavailable",
                ("Түр боломжгүй", "Unavailable"),
                (
                    "үйлчилгээ одоогоор хариулж чадахгүй; түр хүлээгээд дахин оролдоно уу",
                    "the service cannot answer now; wait a little and try again",
                ),
            ),
            other if other.is_client_error() => return Self { status, ..Self::bad_request() },
            _ => return Self { status, ..Self::internal() },
        };
        problem(status, code, title, (detail.0.to_owned(), detail.1.to_owned()))
    }
}
