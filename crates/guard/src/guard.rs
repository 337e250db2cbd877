//! The guard: what a text must go through before it is executed.

use std::sync::Arc;

use apollo_compiler::{
    Name, ast,
    diagnostic::ToCliReport,
    executable::Operation,
    parser::{Parser, SourceSpan},
    validation::DiagnosticList,
};
use moka::sync::Cache;
use serde_json::{Map, Value};

use crate::{
    collect::Collect,
    cost::cost,
    document::Document,
    introspection::{self, Introspection},
    limits::{Limits, within},
    measure,
    plan::{Kind, Plan, Selection},
    position::Position,
    problem::{Code, Problem, Problems},
    rules,
    suggestion::hint,
    text,
    types::Types,
    variables,
};

/// How the guard is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How large documents may be.
    pub limits: Limits,
    /// Whether the schema is told to those who ask, and hinted at when a name is wrong.
    pub introspection: bool,
    /// How much memory valid documents that are kept may take, in bytes; an estimate.
    pub cached_bytes: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { limits: Limits::default(), introspection: true, cached_bytes: 50_000_000 }
    }
}

/// Lets through documents that are valid and not too large. A document that was let through is kept.
#[derive(Debug, Clone)]
pub struct Guard {
    types: Arc<Types>,
    options: Options,
    documents: Cache<Arc<str>, Arc<Document>>,
}

impl Guard {
    /// A guard for a schema.
    pub fn new(types: Arc<Types>, options: Options) -> Self {
        let weigh =
            |_: &Arc<str>, document: &Arc<Document>| u32::try_from(document.weight()).unwrap_or(u32::MAX);
        let documents = Cache::builder().weigher(weigh).max_capacity(options.cached_bytes).build();
        Self { types, options, documents }
    }

    /// How the guard is set.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Reads a document, or finds it among those that were read.
    ///
    /// # Errors
    /// What is wrong with the document, or which limit it exceeds.
    pub fn document(&self, text: &str) -> Result<Arc<Document>, Problems> {
        if let Some(document) = self.documents.get(text) {
            return Ok(document);
        }
        let text: Arc<str> = text.into();
        let document = Arc::new(self.read(&text)?);
        self.documents.insert(text, Arc::clone(&document));
        Ok(document)
    }

    /// The kind of the operation that a request means, as far as the text alone tells: the document may be invalid.
    pub fn kind(&self, text: &str, operation_name: Option<&str>) -> Option<Kind> {
        let limits = &self.options.limits;
        let parsed = parse(&text::check(text, limits).ok()?.text, limits).ok()?;
        let name = operation_name.filter(|name| !name.is_empty());
        let operation = parsed.definitions.iter().find_map(|definition| match definition {
            ast::Definition::OperationDefinition(operation) => {
                let named = operation.name.as_ref().map(Name::as_str);
                (name.is_none() || named == name).then_some(operation)
            }
            _ => None,
        });
        operation.map(|operation| kind(operation.operation_type))
    }

    fn read(&self, text: &Arc<str>) -> Result<Document, Problems> {
        let limits = &self.options.limits;
        let checked = text::check(text, limits)?;
        let parsed = parse(&checked.text, limits).map_err(|errors| self.first(text, &errors))?;
        measure::check(&parsed, limits)?;
        let schema = &self.types.schema;
        let executable = parsed
            .to_executable_validate(schema)
            .map_err(|error| self.told(text, &error.errors, Code::ValidationFailed))?;
        let mistakes = rules::check(&self.types, &executable, limits.problems);
        let document = Document::new(Arc::clone(text), checked.tokens, executable);
        if !mistakes.is_empty() {
            let one = |(message, place): rules::Mistake| {
                Problem::new(Code::ValidationFailed, message).at(document.at(place))
            };
            return Err(mistakes.into_iter().map(one).collect());
        }
        if !self.options.introspection {
            introspection::refuse(&document)?;
        }
        introspection::check(&document)?;
        Ok(document)
    }

    /// What is told of a text that is no GraphQL: its first mistake, because the others follow from it.
    fn first(&self, text: &str, errors: &DiagnosticList) -> Problems {
        let mut problems = self.told(text, errors, Code::ParseFailed);
        problems.truncate(1);
        problems
    }

    fn told(&self, text: &str, errors: &DiagnosticList, code: Code) -> Problems {
        // When all that is selected is unknown, the library takes the selection for missing.
        let emptied = |span: SourceSpan| {
            text.get(span.offset()..span.end_offset()).is_some_and(|field| field.ends_with('}'))
        };
        let errors = errors.iter().filter(|diagnostic| {
            let missing = diagnostic.error.unstable_error_name() == Some("MissingSubselection");
            !(missing && diagnostic.error.location().is_some_and(emptied))
        });
        let errors = errors.take(self.options.limits.problems);
        let problems = errors.map(|diagnostic| {
            let error = diagnostic.error;
            let own = error.to_string();
            let hint =
                if self.options.introspection { hint(&self.types.schema, &own) } else { String::new() };
            let message = error.unstable_compat_message().unwrap_or(own);
            let position = error.location().map(|span| Position::of(text, span.offset()));
            Problem::new(code, message + &hint).at(position)
        });
        let told: Problems = problems.collect();
        if told.is_empty() {
            return vec![Problem::new(code, "The document is not valid.")];
        }
        told
    }

    /// What is to be executed of a document: the operation that is named, with its variables.
    ///
    /// # Errors
    /// What is wrong with the name or the variables, or which limit the operation exceeds.
    pub fn plan(
        &self,
        document: &Document,
        operation_name: Option<&str>,
        values: &Map<String, Value>,
    ) -> Result<Plan, Problems> {
        let limits = &self.options.limits;
        let operation = document.operation(operation_name)?;
        let hints = self.options.introspection;
        let variables = variables::coerce(&self.types, operation, values, limits, hints)?;
        // A field is written down for every type that can have it.
        let mut collect = Collect::new(&self.types, document, &variables, limits.fields * 4);
        let selections = collect.root(operation)?;
        introspection::count(&selections, limits)?;
        let cost = cost(&selections, &self.types, limits.page);
        within(
            Code::MaxCost,
            "The operation asks for too much: its answer may hold too many fields",
            cost,
            limits.cost,
        )?;
        self.split(operation, selections, cost)
    }

    /// Answers what is known without executing, and leaves the rest.
    fn split(&self, operation: &Operation, selections: Vec<Selection>, cost: u64) -> Result<Plan, Problems> {
        let kind = kind(operation.operation_type);
        let mut introspection = Introspection::new(&self.types, &self.options.limits);
        let mut plan = Plan { kind, keys: Vec::new(), selections: Vec::new(), cost };
        for selection in selections {
            let Selection::Field(field) = &selection else { continue };
            let known = introspection.answer(operation.object_type(), field)?;
            let to_execute = known.is_none();
            plan.keys.push((field.key.clone(), known));
            if to_execute {
                plan.selections.push(selection);
            }
        }
        Ok(plan)
    }
}

fn parse(text: &str, limits: &Limits) -> Result<ast::Document, DiagnosticList> {
    // Brackets are counted already; the parser's own limit is only a second line.
    let mut parser = Parser::new().recursion_limit(limits.brackets * 4);
    parser.parse_ast(text, "document").map_err(|error| error.errors)
}

fn kind(operation_type: ast::OperationType) -> Kind {
    match operation_type {
        ast::OperationType::Query => Kind::Query,
        ast::OperationType::Mutation => Kind::Mutation,
        ast::OperationType::Subscription => Kind::Subscription,
    }
}
