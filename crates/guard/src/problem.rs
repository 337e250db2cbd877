//! What is told of a document that is not executed.

use crate::position::Position;

/// All that is wrong with a document or a request. It is never empty.
pub type Problems = Vec<Problem>;

/// The longest message, in characters.
const MAX_MESSAGE: usize = 500;

/// Something that is wrong with a document or a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind of problem it is.
    pub code: Code,
    /// What is wrong, for people.
    pub message: String,
    /// Where it is wrong, when it is wrong in one place of the document.
    pub position: Option<Position>,
}

impl Problem {
    /// A problem. What it quotes may be long: the message is cut.
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        let mut message = message.into();
        if let Some((end, _)) = message.char_indices().nth(MAX_MESSAGE) {
            message.truncate(end);
            message.push('…');
        }
        Self { code, message, position: None }
    }

    pub(crate) fn at(mut self, position: Option<Position>) -> Self {
        self.position = position;
        self
    }
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal,)+) => {
        /// The kinds of problems, with the codes that clients know them by.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Code {
            /// The code as clients see it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }
        }
    };
}

codes! {
    /// The text is no GraphQL.
    ParseFailed = "GRAPHQL_PARSE_FAILED",
    /// The document does not fit the schema.
    ValidationFailed = "GRAPHQL_VALIDATION_FAILED",
    /// The operation's name or its variables do not fit the document.
    BadUserInput = "BAD_USER_INPUT",
    /// The operation that is named is not there, or none is named where there are several.
    OperationResolutionFailure = "OPERATION_RESOLUTION_FAILURE",
    /// The text is too long.
    MaxCharacters = "MAX_CHARACTERS_EXCEEDED",
    /// There are too many words and signs.
    MaxTokens = "MAX_TOKENS_EXCEEDED",
    /// Brackets or selections nest too deep.
    MaxDepth = "MAX_DEPTH_EXCEEDED",
    /// There are too many fields.
    MaxFields = "MAX_FIELDS_EXCEEDED",
    /// There are too many aliases.
    MaxAliases = "MAX_ALIASES_EXCEEDED",
    /// There are too many directives.
    MaxDirectives = "MAX_DIRECTIVES_EXCEEDED",
    /// There are too many fields at the root.
    MaxRootFields = "MAX_ROOT_FIELDS_EXCEEDED",
    /// There are too many fragments.
    MaxFragments = "MAX_FRAGMENTS_EXCEEDED",
    /// There are too many operations.
    MaxOperations = "MAX_OPERATIONS_EXCEEDED",
    /// A list is too long.
    MaxList = "MAX_LIST_EXCEEDED",
    /// Too much is asked of the schema: types of fields of types, or too long an answer.
    MaxIntrospection = "MAX_INTROSPECTION_EXCEEDED",
    /// The answer may become too large.
    MaxCost = "MAX_COST_EXCEEDED",
}
