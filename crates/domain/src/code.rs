//! Enumerations with stable codes, the same in the catalogue's files, in the database and in the API.

use crate::{Error, Result};

/// An enumeration whose values have stable codes such as `BACKEND_FRAMEWORK`.
pub trait Code: Copy + Eq + strum::VariantArray + Into<&'static str> + std::str::FromStr {
    /// What the enumeration is called in messages: `technology kind`.
    const LABEL: &'static str;
    /// What its type is called: `TechnologyKind`.
    const NAME: &'static str;
    /// What it says, as its documentation has it.
    const DESCRIPTION: &'static str;

    /// What the value says, as its documentation has it.
    fn description(self) -> &'static str;

    /// The stable code.
    fn code(self) -> &'static str {
        self.into()
    }

    /// Reads a code; a wrong one is answered with the nearest right one.
    fn parse(text: &str) -> Result<Self> {
        text.parse().map_err(|_| {
            let shown = crate::text::excerpt(text);
            let codes: Vec<&str> = Self::VARIANTS.iter().map(|value| value.code()).collect();
            let hint = nearest(text, codes.iter().copied())
                .map(|code| format!(" Did you mean {code}?"))
                .unwrap_or_default();
            Error::invalid(
                Self::LABEL,
                format!("`{shown}` is not known.{hint} Allowed: {}.", codes.join(", ")),
            )
        })
    }
}

/// The candidate that is spelled most like `text`, when one is close enough to be meant.
pub fn nearest<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (candidate, similarity(text, candidate)))
        .filter(|(_, score)| *score >= 0.75)
        .max_by(|left, right| left.1.total_cmp(&right.1))
        .map(|(candidate, _)| candidate)
}

/// How alike two texts are spelled, from 0 to 1, whatever their case.
pub fn similarity(left: &str, right: &str) -> f64 {
    strsim::jaro_winkler(&left.to_lowercase(), &right.to_lowercase())
}

/// Defines an enumeration with codes in `SCREAMING_SNAKE_CASE`. Its documentation is also the description that
/// the API gives, so that both are written once.
macro_rules! codes {
    (
        $(#[doc = $doc:literal])+
        $name:ident as $label:literal { $($(#[doc = $variant_doc:literal])+ $variant:ident),+ $(,)? }
    ) => {
        $(#[doc = $doc])+
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, strum::EnumString,
            strum::IntoStaticStr, strum::VariantArray, serde::Serialize, serde::Deserialize,
        )]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub enum $name { $($(#[doc = $variant_doc])+ $variant),+ }

        impl $crate::code::Code for $name {
            const LABEL: &'static str = $label;
            const NAME: &'static str = stringify!($name);
            const DESCRIPTION: &'static str = concat!($($doc),+).trim_ascii();

            fn description(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!($($variant_doc),+).trim_ascii()),+
                }
            }
        }
    };
}
pub(crate) use codes;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capability::Capability;

    #[test]
    fn every_code_reads_back_and_equals_its_serialised_form() {
        for value in <Capability as strum::VariantArray>::VARIANTS {
            assert_eq!(Capability::parse(value.code()), Ok(*value));
        }
        assert_eq!(Capability::I18n.code(), "I18N");
        assert_eq!(Capability::I18n.description(), "Internationalisation.");
        assert_eq!(Capability::NAME, "Capability");
    }

    #[test]
    fn a_wrong_code_is_answered_with_the_nearest() {
        let error = Capability::parse("CSRF_PROTECTON").unwrap_err().to_string();
        assert!(error.contains("Did you mean CSRF_PROTECTION?"), "{error}");
    }

    #[test]
    fn nothing_is_suggested_for_something_else_entirely() {
        assert_eq!(nearest("zzzz", ["DJANGO", "FLASK"]), None);
    }
}
