//! The JSON Schema of the files, for editors, and for telling all that is wrong with the form of a file at once.

use std::{collections::BTreeMap, sync::LazyLock};

use jsonschema::{ValidationError, Validator, error::ValidationErrorKind, paths::LocationSegment};
use schemars::{Schema, generate::SchemaSettings};
use serde_json::Value;
use stackfit_domain::{code::nearest, subject::SubjectKind};

use crate::format::{
    CaseStudyFile, ChecklistFile, OrganizationFile, SelectionCriterionFile, SourceFile, TechnologyFile,
    TermFile,
};

/// The folder in which things of a kind are kept.
pub fn folder(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::Technology => "technologies",
        SubjectKind::Organization => "organizations",
        SubjectKind::Source => "sources",
        SubjectKind::CaseStudy => "case-studies",
        SubjectKind::Term => "terms",
        SubjectKind::SelectionCriterion => "selection-criteria",
        SubjectKind::Checklist => "checklists",
    }
}

/// The schema of the files in each folder.
pub fn schemas() -> BTreeMap<&'static str, Schema> {
    fn of<T: schemars::JsonSchema>() -> Schema {
        SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>()
    }
    BTreeMap::from([
        (folder(SubjectKind::Technology), of::<TechnologyFile>()),
        (folder(SubjectKind::Organization), of::<OrganizationFile>()),
        (folder(SubjectKind::Source), of::<SourceFile>()),
        (folder(SubjectKind::CaseStudy), of::<CaseStudyFile>()),
        (folder(SubjectKind::Term), of::<TermFile>()),
        (folder(SubjectKind::SelectionCriterion), of::<SelectionCriterionFile>()),
        (folder(SubjectKind::Checklist), of::<ChecklistFile>()),
    ])
}

static VALIDATORS: LazyLock<BTreeMap<&'static str, Validator>> = LazyLock::new(|| {
    let valid = |schema: Schema| jsonschema::validator_for(&schema.to_value()).ok();
    schemas().into_iter().filter_map(|(folder, schema)| Some((folder, valid(schema)?))).collect()
});

/// What is wrong with the form of a file: the path of each mistake with what is wrong there.
pub(crate) fn mistakes(folder: &str, value: &Value) -> Vec<(String, String)> {
    let Some(validator) = VALIDATORS.get(folder) else { return Vec::new() };
    validator.iter_errors(value).flat_map(|error| explain(&error)).collect()
}

fn path(error: &ValidationError<'_>) -> String {
    error.instance_path().into_iter().fold(String::new(), |path, segment| match segment {
        LocationSegment::Property(name) if path.is_empty() => name.into_owned(),
        LocationSegment::Property(name) => format!("{path}.{name}"),
        LocationSegment::Index(at) => format!("{path}[{at}]"),
    })
}

fn explain(error: &ValidationError<'_>) -> Vec<(String, String)> {
    let path = path(error);
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => unexpected
            .iter()
            .map(|key| {
                let inner = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                (inner, format!("the key `{key}` is not known."))
            })
            .collect(),
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            vec![(path, format!("`{name}` is missing."))]
        }
        ValidationErrorKind::Enum { options } => vec![(path, one_of(error.instance(), &allowed(options)))],
        ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } => {
            // What is wrong inside of one of the alternatives is told there.
            let depth = error.instance_path().into_iter().count();
            let inside = |inner: &&ValidationError<'_>| inner.instance_path().into_iter().count() > depth;
            let deeper: Vec<_> = context.iter().flatten().filter(inside).flat_map(explain).collect();
            if !deeper.is_empty() {
                return deeper;
            }
            let allowed = constants(error);
            if allowed.is_empty() {
                return vec![(path, format!("{} is not allowed here.", error.instance()))];
            }
            vec![(path, one_of(error.instance(), &allowed))]
        }
        _ => vec![(path, format!("{error}."))],
    }
}

fn allowed(options: &Value) -> Vec<String> {
    let options = options.as_array().into_iter().flatten();
    options.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The constants among the alternatives of an enumeration whose values are described one by one.
fn constants(error: &ValidationError<'_>) -> Vec<String> {
    let (ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context }) =
        error.kind()
    else {
        return Vec::new();
    };
    let mut names = Vec::new();
    for inner in context.iter().flatten() {
        match inner.kind() {
            ValidationErrorKind::Constant { expected_value } => {
                names.extend(expected_value.as_str().map(str::to_owned));
            }
            ValidationErrorKind::Enum { options } => names.extend(allowed(options)),
            _ => {}
        }
        names.extend(constants(inner));
    }
    names
}

fn one_of(instance: &Value, allowed: &[String]) -> String {
    let written = instance.as_str().map_or_else(|| instance.to_string(), str::to_owned);
    let hint = nearest(&written, allowed.iter().map(String::as_str))
        .map_or(String::new(), |near| format!(" Did you mean {near}?"));
    format!("`{written}` is not known.{hint} Allowed: {}.", allowed.join(", "))
}
