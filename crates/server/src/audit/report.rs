//! What an audit found: as JSON, and as a table for people.

use std::io::IsTerminal;

use chrono::NaiveDate;
use comfy_table::{Cell, Color, ContentArrangement, Table, presets};
use serde::Serialize;
use stackfit_domain::{
    code::Code,
    release_cycle::SupportStatus,
    stack_audit::{StackAudit, StackConflictKind, UpgradeAdvice, is_out_of_support, severity},
    support_health::HealthReasonKind,
};

use super::{
    manifest::{Manifest, printable},
    stack::{Origin, Used},
};

/// The number of the form of the JSON. It rises when something is renamed, removed or given another meaning.
const FORM: u32 = 1;

/// What an audit found.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report {
    form: u32,
    as_of: NaiveDate,
    overall: SupportStatus,
    out_of_support: usize,
    unknown: usize,
    files: Vec<FileRead>,
    items: Vec<Item>,
    timeline: Vec<Event>,
    conflicts: Vec<Conflict>,
    not_in_catalogue: NotInCatalogue,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct FileRead {
    path: String,
    format: &'static str,
    dependencies: usize,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    name: String,
    slug: Option<String>,
    version: Option<String>,
    status: SupportStatus,
    cycle: Option<Cycle>,
    supported_until: Option<NaiveDate>,
    reasons: Vec<Reason>,
    suggestion: Suggestion,
    origins: Vec<Place>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Cycle {
    name: String,
    fact: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Reason {
    kind: HealthReasonKind,
    message: String,
    facts: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Suggestion {
    advice: UpgradeAdvice,
    message: String,
    nearest: Option<Cycle>,
    newest: Option<Cycle>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    file: String,
    name: String,
    wrote: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    on: NaiveDate,
    name: String,
    cycle: Cycle,
    from: SupportStatus,
    to: SupportStatus,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Conflict {
    kind: StackConflictKind,
    message: String,
    item: usize,
    version: String,
    runtime: usize,
    runtime_version: String,
    range: String,
    facts: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct NotInCatalogue {
    count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    packages: Option<Vec<String>>,
}

impl Report {
    /// Puts together what was found. The packages that the catalogue does not know are listed when `all` is asked for.
    pub(super) fn new(manifests: &[Manifest], used: &Used, as_of: NaiveDate, all: bool) -> Self {
        let audit = used.stack.audit(as_of);
        let items: Vec<Item> = (0..audit.items.len()).map(|at| item(used, &audit, at)).collect();
        let files = manifests.iter().map(|manifest| FileRead {
            path: manifest.path.clone(),
            format: manifest.format,
            dependencies: manifest.dependencies.len(),
        });
        let packages = all.then(|| used.unknown.iter().cloned().collect());
        Self {
            form: FORM,
            as_of,
            overall: audit.overall,
            out_of_support: items.iter().filter(|item| is_out_of_support(item.status)).count(),
            unknown: audit.unknown,
            files: files.collect(),
            timeline: timeline(used, &audit),
            conflicts: conflicts(used, &audit),
            items,
            not_in_catalogue: NotInCatalogue { count: used.unknown.len(), packages },
        }
    }

    /// Whether something is out of support.
    pub(super) fn is_alarming(&self) -> bool {
        self.out_of_support > 0
    }

    /// The report as JSON.
    pub(super) fn json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }

    /// The report for people.
    pub(super) fn text(&self) -> String {
        let count = |count: usize, one: &str, several: &str| match count {
            1 => format!("1 {one}"),
            count => format!("{count} {several}"),
        };
        let mut parts = vec![format!(
            "{} on {}: {} out of support, {} not known. Worst: {}.",
            count(self.items.len(), "technology", "technologies"),
            self.as_of,
            self.out_of_support,
            self.unknown,
            self.overall.code()
        )];
        if !self.items.is_empty() {
            parts.push(self.table());
        }
        parts.extend(section("Conflicts", self.conflicts.iter().map(|conflict| conflict.message.clone())));
        parts.extend(section("Not known", self.not_known()));
        parts.extend(section("Ahead", self.timeline.iter().map(Event::line)));
        parts.extend(section("Assumed", self.assumptions()));
        let NotInCatalogue { count: missing, packages } = &self.not_in_catalogue;
        if *missing > 0 {
            let are = count(*missing, "package is", "packages are");
            match packages {
                Some(packages) => {
                    let title = format!("{are} not in the catalogue");
                    parts.extend(section(&title, packages.iter().cloned()));
                }
                None => parts.push(format!("{are} not in the catalogue: --all lists them.")),
            }
        }
        parts.join("\n\n") + "\n"
    }

    fn table(&self) -> String {
        let mut table = Table::new();
        table.load_style(presets::UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_header(["Technology", "Version", "Status", "Supported until", "Upgrade to", "Named in"]);
        let mut items: Vec<&Item> = self.items.iter().collect();
        items.sort_by_key(|item| std::cmp::Reverse(severity(item.status)));
        let colours = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        for item in items {
            let status = Cell::new(item.status.code());
            let status = if colours { status.fg(colour(item.status)) } else { status };
            table.add_row([
                Cell::new(&item.name),
                Cell::new(item.version.as_deref().unwrap_or("-")),
                status,
                Cell::new(item.supported_until.map_or("-".to_owned(), |day| day.to_string())),
                Cell::new(item.suggestion.targets()),
                Cell::new(printable(&item.files().join(", "))),
            ]);
        }
        table.trim_fmt()
    }

    /// Why nothing can be said of some items.
    fn not_known(&self) -> Vec<String> {
        let unknown = self.items.iter().filter(|item| item.cycle.is_none());
        unknown.flat_map(|item| &item.reasons).map(|reason| reason.message.clone()).collect()
    }

    /// Ranges that were read as their lowest version.
    fn assumptions(&self) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for item in &self.items {
            for Place { file, name, wrote } in &item.origins {
                let Some(wrote) = wrote.as_deref().filter(|wrote| Some(*wrote) != item.version.as_deref())
                else {
                    continue;
                };
                lines.push(match &item.version {
                    Some(version) => {
                        format!("{file}: {name} {wrote} read as {version}, the lowest that it allows")
                    }
                    None => format!("{file}: {name} {wrote} names no lowest version"),
                });
            }
        }
        lines
    }
}

impl Item {
    fn files(&self) -> Vec<&str> {
        let mut files: Vec<&str> = self.origins.iter().map(|origin| origin.file.as_str()).collect();
        files.dedup();
        files
    }
}

impl Suggestion {
    fn targets(&self) -> String {
        match (&self.nearest, &self.newest) {
            (Some(nearest), Some(newest)) if nearest.name != newest.name => {
                format!("{} or {}", nearest.name, newest.name)
            }
            (Some(nearest), _) => nearest.name.clone(),
            (None, _) => "-".to_owned(),
        }
    }
}

impl Event {
    fn line(&self) -> String {
        let Self { on, name, cycle, from, to } = self;
        format!("{on}  {name} {}: {} becomes {}", cycle.name, from.code(), to.code())
    }
}

fn section(title: &str, lines: impl IntoIterator<Item = String>) -> Option<String> {
    let lines: Vec<String> = lines.into_iter().map(|line| format!("  {}", printable(&line))).collect();
    (!lines.is_empty()).then(|| format!("{title}\n{}", lines.join("\n")))
}

fn colour(status: SupportStatus) -> Color {
    match status {
        SupportStatus::EndOfLife | SupportStatus::ExtendedOnly => Color::Red,
        SupportStatus::Upcoming | SupportStatus::SecurityOnly => Color::Yellow,
        SupportStatus::Active => Color::Green,
        SupportStatus::NotDeclared => Color::Grey,
    }
}

fn cycle(used: &Used, item: usize, at: usize) -> Option<Cycle> {
    let known = used.stack.technology(item)?;
    Some(Cycle { name: known.cycles[at].cycle.clone(), fact: known.cycle_facts[at].code.to_string() })
}

fn item(used: &Used, audit: &StackAudit, at: usize) -> Item {
    let (entry, judged) = (&used.stack.entries[at], &audit.items[at]);
    let known = used.stack.technology(at);
    let facts = |cycles: &[usize]| {
        let facts =
            known.iter().flat_map(|known| cycles.iter().map(|at| known.cycle_facts[*at].code.to_string()));
        facts.collect()
    };
    let reasons = judged.health.reasons.iter().map(|reason| Reason {
        kind: reason.kind,
        message: reason.message.clone(),
        facts: facts(&reason.cycles),
    });
    let origins = used.origins[at].iter().map(|Origin { file, name, wrote }| Place {
        file: file.clone(),
        name: name.clone(),
        wrote: wrote.clone(),
    });
    Item {
        name: entry.name.clone(),
        slug: known.map(|known| known.record.value.slug.to_string()),
        version: entry.version.clone(),
        status: judged.health.status,
        cycle: judged.health.current.and_then(|current| cycle(used, at, current)),
        supported_until: judged.supported_until,
        reasons: reasons.collect(),
        suggestion: Suggestion {
            advice: judged.suggestion.advice,
            message: judged.suggestion.message.clone(),
            nearest: judged.suggestion.nearest.and_then(|nearest| cycle(used, at, nearest)),
            newest: judged.suggestion.newest.and_then(|newest| cycle(used, at, newest)),
        },
        origins: origins.collect(),
    }
}

fn timeline(used: &Used, audit: &StackAudit) -> Vec<Event> {
    let event = |stack: &stackfit_domain::stack_audit::StackEvent| {
        Some(Event {
            on: stack.event.on,
            name: used.stack.entries[stack.item].name.clone(),
            cycle: cycle(used, stack.item, stack.event.cycle)?,
            from: stack.event.from,
            to: stack.event.to,
        })
    };
    audit.timeline.iter().filter_map(event).collect()
}

fn conflicts(used: &Used, audit: &StackAudit) -> Vec<Conflict> {
    let conflict = |found: &stackfit_domain::stack_audit::StackConflict| {
        let known = used.stack.technology(found.item);
        let codes = known.iter().flat_map(|known| {
            found.requirements.iter().map(|at| known.requirement_facts[*at].code.to_string())
        });
        Conflict {
            kind: found.kind,
            message: found.message.clone(),
            item: found.item,
            version: found.version.clone(),
            runtime: found.runtime,
            runtime_version: found.runtime_version.clone(),
            range: found.range.to_string(),
            facts: codes.collect(),
        }
    };
    audit.conflicts.iter().map(conflict).collect()
}
