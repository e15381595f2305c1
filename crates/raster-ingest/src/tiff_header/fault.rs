//! What may be wrong with a TIFF's header.

use std::io;

use belcheer_door::Refusal;

use crate::notes::Notes;

/// Why a header was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HeaderFault {
    /// The bytes end too early.
    #[error("the file is incomplete: its header points beyond its end; copy or download it again")]
    Incomplete,
    /// A block lies beyond the end.
    #[error("the file is incomplete: block {block} of {blocks} lies beyond its end; copy or download it again")]
    BlockBeyondEnd {
        /// The first such block, from 1.
        block: u64,
        /// All blocks.
        blocks: u64,
    },
    /// Pages point to each other.
    #[error("the file is damaged: its pages form a loop; export it again")]
    PageLoop,
    /// No page at all.
    #[error("the file is damaged: it holds no image; export it again")]
    NoPage,
    /// More pages than allowed.
    #[error("the file has more than {max} pages; give one file per image")]
    TooManyPages {
        /// The limit.
        max: usize,
    },
    /// A field is missing or makes no sense.
    #[error("the file is damaged: its field {tag} ({name}) makes no sense; export it again")]
    Field {
        /// TIFF tag.
        tag: u16,
        /// What the field is.
        name: &'static str,
    },
    /// A field is longer than allowed.
    #[error("the file is damaged: its field {tag} is {bytes} bytes long; export it again")]
    FieldTooLong {
        /// TIFF tag.
        tag: u16,
        /// Its length.
        bytes: u64,
    },
    /// More cells than allowed.
    #[error(
        "the raster of {width} x {height} cells is too large; cut it to Mongolia or into tiles of at most 4e9 cells"
    )]
    TooLarge {
        /// Columns.
        width: u64,
        /// Rows.
        height: u64,
    },
    /// More bands than allowed.
    #[error("the raster has {bands} bands, more than {max}; give it in parts of fewer bands")]
    TooManyBands {
        /// Bands.
        bands: u64,
        /// The limit.
        max: u64,
    },
    /// A tile or strip larger than allowed.
    #[error("the raster's blocks of {bytes} bytes are too large; write it with tiles of 512 x 512")]
    BlockTooLarge {
        /// Bytes of one block, decoded.
        bytes: u64,
    },
    /// More blocks than allowed.
    #[error("the raster has {blocks} blocks, too many; write it with tiles of 512 x 512")]
    TooManyBlocks {
        /// Blocks.
        blocks: u64,
    },
    /// Blocks that decode to absurdly more than they are.
    #[error(
        "its {packed} bytes of blocks would decode to {decoded} bytes; leave empty blocks out (SPARSE_OK) or cut it"
    )]
    Bomb {
        /// Bytes of all blocks, decoded.
        decoded: u64,
        /// Bytes of all blocks in the file.
        packed: u64,
    },
    /// A compression that is not read.
    #[error("its compression {name} is not read; write it with DEFLATE, LZW or ZSTD")]
    Compression {
        /// Name or number.
        name: String,
    },
    /// The system failed.
    #[error("the file could not be read: {0}")]
    Read(io::Error),
}

impl From<io::Error> for HeaderFault {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof { Self::Incomplete } else { Self::Read(error) }
    }
}

impl HeaderFault {
    /// Stable machine code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Incomplete | Self::BlockBeyondEnd { .. } => "incomplete_file",
            Self::PageLoop | Self::NoPage | Self::Field { .. } | Self::FieldTooLong { .. } => "header_damaged",
            Self::TooManyPages { .. } => "too_many_pages",
            Self::TooLarge { .. } => "too_large",
            Self::TooManyBands { .. } => "too_many_bands",
            Self::BlockTooLarge { .. } | Self::TooManyBlocks { .. } => "block_too_large",
            Self::Bomb { .. } => "packed_too_densely",
            Self::Compression { .. } => "compression_not_read",
            Self::Read(_) => "unreadable",
        }
    }

    /// This as a refusal of the file.
    pub fn refusal(&self, notes: &Notes) -> Refusal {
        let mongolian = match self {
            Self::Incomplete | Self::BlockBeyondEnd { .. } => "файл дутуу байна; дахин хуулж эсвэл татаж авна уу",
            Self::PageLoop | Self::NoPage | Self::Field { .. } | Self::FieldTooLong { .. } => {
                "файлын толгой гэмтсэн байна; дахин гаргана уу"
            }
            Self::TooManyPages { .. } => "файлд хэт олон хуудас байна; нэг зургийг нэг файлаар өгнө үү",
            Self::TooLarge { .. } => "растер хэт том байна; Монголын нутгаар тайрах эсвэл хувааж өгнө үү",
            Self::TooManyBands { .. } => "растер хэт олон сувагтай; хувааж өгнө үү",
            Self::BlockTooLarge { .. } | Self::TooManyBlocks { .. } => {
                "растерын блок тохиромжгүй; 512 x 512 хэмжээтэй tile-аар бичнэ үү"
            }
            Self::Bomb { .. } => "хэт нягт шахагдсан; хоосон блокгүй (SPARSE_OK) бичих эсвэл хувааж өгнө үү",
            Self::Compression { .. } => "энэ шахалтыг уншдаггүй; DEFLATE, LZW эсвэл ZSTD-ээр бичнэ үү",
            Self::Read(_) => "файлыг уншиж чадсангүй",
        };
        notes.refuse(self.code(), "header", &self.to_string(), mongolian)
    }
}
