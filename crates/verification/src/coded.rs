//! A macro for closed sets of codes, each with a sentence in English and in Mongolian.

macro_rules! coded {
    ($(#[$doc:meta])* $name:ident: $($(#[$vdoc:meta])* $variant:ident = $code:literal, $en:literal, $mn:literal;)+) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $code)] $variant),+ }

        impl $name {
            /// Every one, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The machine code, snake case.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// One English sentence.
            #[must_use]
            pub fn text_en(self) -> &'static str {
                match self { $(Self::$variant => $en),+ }
            }

            /// The same in Mongolian.
            #[must_use]
            pub fn text_mn(self) -> &'static str {
                match self { $(Self::$variant => $mn),+ }
            }
        }
    };
}
pub(crate) use coded;
