//! Refusals of the desk: uploads, drafts, jobs, publishing, data sets.

use axum::http::StatusCode;

use super::{plain, problem, quoted};
use crate::problem::Problem;

/// The status of tus for a checksum that does not fit.
const CHECKSUM_MISMATCH: u16 = 460;

impl Problem {
    /// A request of another version of tus.
    pub(crate) fn tus_version() -> Self {
        plain(
            StatusCode::PRECONDITION_FAILED,
            "tus_version",
            ("tus протоколын хувилбар тохирохгүй", "Another version of tus"),
            ("Tus-Resumable: 1.0.0 толгойг илгээнэ үү", "send the header Tus-Resumable: 1.0.0"),
        )
    }

    /// A header of tus that is missing or cannot be understood.
    pub(crate) fn tus_header(name: &str) -> Self {
        problem(
            StatusCode::BAD_REQUEST,
            "tus_header",
            ("Толгой дутуу эсвэл буруу", "A header is missing or malformed"),
            (
                format!("{name} толгой байхгүй эсвэл буруу бичигдсэн; tus 1.0.0 протоколыг үзнэ үү"),
                format!("the header {name} is missing or malformed; see the tus protocol 1.0.0"),
            ),
        )
    }

    /// A piece of another content type.
    pub(crate) fn tus_content_type() -> Self {
        plain(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "tus_content_type",
            ("Агуулгын төрөл тохирохгүй", "Another content type"),
            (
                "хэсгийг Content-Type: application/offset+octet-stream толгойтой илгээнэ үү",
                "send pieces as Content-Type: application/offset+octet-stream",
            ),
        )
    }

    /// A file that is longer than the service takes.
    pub(crate) fn upload_too_large(length: u64, most: u64) -> Self {
        problem(
            StatusCode::PAYLOAD_TOO_LARGE,
            "upload_too_large",
            ("Файл хэт том", "The file is too large"),
            (
                format!("файл {length} байт, дээд хэмжээ {most} байт; хувааж илгээнэ үү"),
                format!("the file has {length} bytes and the most is {most}; cut it into smaller files"),
            ),
        )
    }

    /// More bytes than the upload was to have.
    pub(crate) fn upload_too_long(length: u64) -> Self {
        problem(
            StatusCode::PAYLOAD_TOO_LARGE,
            "upload_too_long",
            ("Мэдэгдсэнээс олон байт", "More bytes than announced"),
            (
                format!("энэ файл {length} байт гэж мэдэгдсэн; хэсгийг хүлээж аваагүй"),
                format!("the upload was to have {length} bytes; the piece was not taken"),
            ),
        )
    }

    /// A caller who has too much uploaded already.
    pub(crate) fn quota_used(uploads: u64, uploads_max: u64, bytes: u64, bytes_max: u64) -> Self {
        problem(
            StatusCode::PAYLOAD_TOO_LARGE,
            "quota_used",
            ("Эзлэх зай дууссан", "The quota is used up"),
            (
                format!(
                    "{uploads}/{uploads_max} файл, {bytes}/{bytes_max} байт байна; ноорогоо баталгаажуулах эсвэл устгана уу"
                ),
                format!(
                    "{uploads} of {uploads_max} uploads and {bytes} of {bytes_max} bytes are there; accept or discard drafts first"
                ),
            ),
        )
    }

    /// A name that can name no file.
    pub(crate) fn file_name() -> Self {
        plain(
            StatusCode::BAD_REQUEST,
            "file_name",
            ("Файлын нэр тохирохгүй", "No usable file name"),
            (
                "Upload-Metadata дотор filename: 200 хүртэл тэмдэгт, цэгээр эхлэхгүй, нууц тэмдэггүй байна",
                "give filename in Upload-Metadata: at most 200 characters, not beginning with a dot, no hidden characters",
            ),
        )
    }

    /// An upload that is not there, or not the caller's.
    pub(crate) fn unknown_upload() -> Self {
        plain(
            StatusCode::NOT_FOUND,
            "unknown_upload",
            ("Ийм файл алга", "Unknown upload"),
            ("жагсаалтыг /v1/drafts хаягаас үзнэ үү", "GET /v1/drafts lists yours"),
        )
    }

    /// An upload that was given up.
    pub(crate) fn upload_gone() -> Self {
        plain(
            StatusCode::GONE,
            "upload_gone",
            ("Файл устсан", "The upload is gone"),
            ("хугацаа дууссан эсвэл устгасан; дахин илгээнэ үү", "it expired or was discarded; begin another one"),
        )
    }

    /// A piece that does not begin where the upload ends.
    pub(crate) fn upload_offset(received: u64) -> Self {
        problem(
            StatusCode::CONFLICT,
            "upload_offset",
            ("Хэсгийн эхлэл тохирохгүй", "Another offset"),
            (
                format!("{received} байт хүлээж авсан; тэндээс эхлэх хэсгийг илгээнэ үү"),
                format!("{received} bytes are here; send the piece that begins there"),
            ),
        )
    }

    /// A writer that does not stop for another.
    pub(crate) fn upload_busy() -> Self {
        plain(
            StatusCode::LOCKED,
            "upload_busy",
            ("Файл руу бичиж байна", "The upload is being written"),
            (
                "өөр холболт бичиж байна; түр хүлээгээд HEAD хүсэлтээр шалгана уу",
                "another connection writes it; wait, then ask by HEAD",
            ),
        )
    }

    /// A piece whose bytes do not add up.
    pub(crate) fn checksum_mismatch() -> Self {
        let status = StatusCode::from_u16(CHECKSUM_MISMATCH).unwrap_or(StatusCode::BAD_REQUEST);
        plain(
            status,
            "checksum_mismatch",
            ("Шалгах нийлбэр таарахгүй", "The checksum does not fit"),
            ("хэсгийг хүлээж аваагүй; дахин илгээнэ үү", "nothing of the piece was taken; send it again"),
        )
    }

    /// A checksum of an unknown kind.
    pub(crate) fn checksum_algorithm() -> Self {
        plain(
            StatusCode::BAD_REQUEST,
            "checksum_algorithm",
            ("Шалгах нийлбэрийн арга танигдахгүй", "Unknown checksum algorithm"),
            ("sha1 эсвэл sha256 хэрэглэнэ үү", "use sha1 or sha256"),
        )
    }

    /// A piece whose connection was cut.
    pub(crate) fn piece_cut() -> Self {
        plain(
            StatusCode::REQUEST_TIMEOUT,
            "piece_cut",
            ("Хэсэг дутуу ирлээ", "The piece came in part"),
            (
                "HEAD хүсэлтээр хэдэн байт ирснийг шалгаад үргэлжлүүлнэ үү",
                "ask by HEAD how far it came, and go on from there",
            ),
        )
    }

    /// A draft that is accepted or given up.
    pub(crate) fn draft_closed() -> Self {
        plain(
            StatusCode::CONFLICT,
            "draft_closed",
            ("Ноорог хаагдсан", "The draft is closed"),
            (
                "аль хэдийн баталгаажсан, устгасан эсвэл дутуу ирсэн байна",
                "it was accepted or discarded, or bytes are still to come",
            ),
        )
    }

    /// A draft that cannot be accepted yet.
    pub(crate) fn draft_not_ready(state: &str, needs: &[&str]) -> Self {
        let (state, needs) = (quoted(state), needs.join(", "));
        problem(
            StatusCode::CONFLICT,
            "draft_not_ready",
            ("Ноорог бэлэн биш", "The draft is not ready"),
            (
                format!("төлөв: {state}; дутуу: {needs}; PATCH /v1/drafts/{{id}} хүсэлтээр нөхөөд дахин үзнэ үү"),
                format!("its state is {state} and it needs: {needs}; correct it by PATCH, and look at its preview"),
            ),
        )
    }

    /// A job that is not there, or not the caller's.
    pub(crate) fn unknown_job() -> Self {
        plain(
            StatusCode::NOT_FOUND,
            "unknown_job",
            ("Ийм ажил алга", "Unknown job or file of a job"),
            ("жагсаалтыг /v1/jobs хаягаас үзнэ үү", "GET /v1/jobs lists yours"),
        )
    }

    /// A job that has ended.
    pub(crate) fn job_ended() -> Self {
        plain(
            StatusCode::CONFLICT,
            "job_ended",
            ("Ажил дууссан", "The job has ended"),
            ("дууссан ажлыг цуцлах боломжгүй", "a job that has ended cannot be cancelled"),
        )
    }

    /// A job that waits, runs or was successful.
    pub(crate) fn job_under_way() -> Self {
        plain(
            StatusCode::CONFLICT,
            "job_under_way",
            ("Ажил үргэлжилж байна", "The job is under way or successful"),
            (
                "зөвхөн цуцалсан эсвэл бүтэлгүйтсэн ажлыг дахин эхлүүлнэ",
                "only a job that was cancelled or failed can be resumed",
            ),
        )
    }

    /// Periods of which one does not come after the other.
    pub(crate) fn periods_overlap() -> Self {
        plain(
            StatusCode::BAD_REQUEST,
            "periods_overlap",
            ("Хугацаа давхцсан", "The periods overlap"),
            ("тайлангийн он суурь онуудын дараа байх ёстой", "the reporting years must come after the baseline"),
        )
    }

    /// A request for all soums by a caller of some.
    pub(crate) fn all_soums_outside_scope() -> Self {
        plain(
            StatusCode::FORBIDDEN,
            "outside_scope",
            ("Эрхийн хүрээнээс гадуур", "Outside the scope"),
            (
                "түлхүүр зөвхөн зарим суманд хүчинтэй; soums дотор тэдгээрийг нэрлэнэ үү",
                "the key is for some soums only; name them in soums",
            ),
        )
    }

    /// Zones that are not exactly one of the three.
    pub(crate) fn zones_of_request() -> Self {
        plain(
            StatusCode::BAD_REQUEST,
            "zones_of_request",
            ("Бүс эсвэл растер буруу заасан", "Zones or rasters are not as asked for"),
            (
                "rasters хоосон биш, zones дотор level, dataset, geojson-ы яг нэг нь байна",
                "rasters must not be empty, and zones hold exactly one of level, dataset and geojson",
            ),
        )
    }

    /// An assessment that is not public.
    pub(crate) fn not_published() -> Self {
        plain(
            StatusCode::CONFLICT,
            "not_published",
            ("Нийтлээгүй үнэлгээ", "Not published"),
            ("энэ үнэлгээ ямар ч мөчлөгт нийтлэгдээгүй", "the assessment is not public for any cycle"),
        )
    }

    /// A data set that is used no more already.
    pub(crate) fn dataset_gone() -> Self {
        plain(
            StatusCode::CONFLICT,
            "dataset_gone",
            ("Өгөгдөл хэрэглэгдэхээ больсон", "The data set is used no more"),
            ("аль хэдийн солигдсон эсвэл татан авагдсан", "it was superseded or retracted before"),
        )
    }

    /// Data that the caller may not be handed.
    pub(crate) fn not_handed_out(visibility: &str) -> Self {
        problem(
            StatusCode::FORBIDDEN,
            "not_handed_out",
            ("Өгөгдлийг олгохгүй", "The data are not handed out"),
            (
                format!("энэ өгөгдлийн хүртээмж: {visibility}; тайлбарыг нь /v1/datasets хаягаас үзнэ үү"),
                format!("the data set is for {visibility} use; its description is public at /v1/datasets"),
            ),
        )
    }

    /// An address that may not be told.
    pub(crate) fn webhook_address() -> Self {
        plain(
            StatusCode::BAD_REQUEST,
            "webhook_address",
            ("Хаяг тохирохгүй", "The address cannot be told"),
            (
                "https:// хаяг өгнө үү; нэр, нууц үг агуулахгүй",
                "give an https:// address without user name and password",
            ),
        )
    }

    /// A webhook that is not there.
    pub(crate) fn unknown_webhook() -> Self {
        plain(
            StatusCode::NOT_FOUND,
            "unknown_webhook",
            ("Ийм webhook алга", "Unknown webhook"),
            ("жагсаалтыг /v1/webhooks хаягаас үзнэ үү", "GET /v1/webhooks lists them"),
        )
    }
}
