//! From files to parts of the catalogue.
//!
//! Files are read twice: once for the names that they define, and once for what they say, so that a catalogue of any
//! size is read in bounded memory and every reference is checked.

mod detail;
mod entity;
mod fact;
mod problems;

use chrono::NaiveDate;
use serde::de::DeserializeOwned;
use serde_json::Value;
use stackfit_domain::{
    Error,
    catalogue::{Entity, Part, Register},
    fact_code::FactCode,
    slug::Slug,
};

use crate::{Files, Mistake, lines::Lines, schema};
use problems::{Problems, Told};

/// A catalogue whose names are known.
pub struct Reading<F> {
    files: F,
    register: Register,
    today: NaiveDate,
}

impl<F: Files> Reading<F> {
    /// Reads the names that the files define. Names that the register knows already may be referred to as well.
    pub fn begin(files: F, mut register: Register, today: NaiveDate) -> (Self, Vec<Mistake>) {
        let mut mistakes = Vec::new();
        for path in files.paths() {
            let file = File::read(&files, path);
            match file.and_then(|file| file.define(&mut register)) {
                Ok(()) => {}
                Err(found) => mistakes.extend(found),
            }
        }
        (Self { files, register, today }, mistakes)
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.paths().len()
    }

    /// Whether there is no file at all.
    pub fn is_empty(&self) -> bool {
        self.files.paths().is_empty()
    }

    /// Every file in order, read whole, or all that is wrong with it.
    pub fn parts(&self) -> impl Iterator<Item = Result<Part, Vec<Mistake>>> {
        self.files.paths().iter().map(|path| {
            let file = File::read(&self.files, path)?;
            let mut problems = Problems::default();
            let part = file.part(&self.register, self.today, &mut problems);
            match part.filter(|_| problems.is_empty()) {
                Some(part) => Ok(part),
                None => Err(file.mistakes(problems)),
            }
        })
    }
}

/// A file that is about to be read.
struct File<'a> {
    path: &'a str,
    folder: &'a str,
    stem: &'a str,
    text: String,
}

impl<'a> File<'a> {
    fn read(files: &impl Files, path: &'a str) -> Result<Self, Vec<Mistake>> {
        let whole = |message: String| vec![Mistake { file: path.to_owned(), line: None, message }];
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let Some(stem) = name.strip_suffix(".yaml") else {
            return Err(whole("the name of a file ends in .yaml.".to_owned()));
        };
        let text = files.read(path).map_err(|error| whole(error.to_string()))?.into_owned();
        Ok(Self { path, folder, stem, text })
    }

    /// Adds the names that the file defines.
    fn define(&self, register: &mut Register) -> Result<(), Vec<Mistake>> {
        let mut problems = Problems::default();
        // What is wrong inside is told when the file is read whole.
        if let Some(head) = entity::read(self, &mut Problems::default()) {
            problems.take("slug", register.define_subject(&head.entity.subject()));
            if let Entity::Source(source) = &head.entity
                && let Some(on) = source.published_on
            {
                register.publish(&source.slug, on);
            }
            for (at, fact) in head.facts.iter().enumerate() {
                let Ok(code) = FactCode::parse(&fact.code) else { continue };
                let contradicts =
                    fact.contradicts.iter().filter_map(|code| FactCode::parse(code).ok()).collect();
                problems.take(&format!("facts[{at}].code"), register.define_fact(&code, contradicts));
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(self.mistakes(problems)) }
    }

    fn part(&self, register: &Register, today: NaiveDate, problems: &mut Problems) -> Option<Part> {
        let mut head = entity::read(self, problems)?;
        let subject = head.entity.subject();
        let entries = std::mem::take(&mut head.facts);
        let aliases = problems.take("aliases", stackfit_domain::catalogue::aliases(&head.aliases));
        let entity = entity::check(head, register, today, problems);
        let mut facts = Vec::with_capacity(entries.len());
        for (at, entry) in entries.into_iter().enumerate() {
            let mut about = Problems::within(&format!("facts[{at}]"), &entry.code);
            let read = fact::Reader { subject: &subject, register, today };
            facts.extend(read.fact(entry, &mut about));
            problems.absorb(about);
        }
        Some(Part { entity: entity?, aliases: aliases?, facts })
    }

    /// Reads the form of the file. What is wrong with it is told all at once, as far as the text is YAML.
    fn parse<T: DeserializeOwned>(&self, problems: &mut Problems) -> Option<T> {
        let error = match serde_saphyr::from_str(&self.text) {
            Ok(read) => return Some(read),
            Err(error) => error,
        };
        let form = serde_saphyr::from_str::<Value>(&self.text)
            .map(|value| schema::mistakes(self.folder, &value))
            .unwrap_or_default();
        if form.is_empty() {
            let text = error.without_snippet().to_string();
            let reason = text.split(" at line ").next().unwrap_or(&text);
            problems.add_at(error.location().map(|place| place.line()), format!("{reason}."));
        }
        for (path, message) in form {
            problems.add(Error::invalid(path, message));
        }
        None
    }

    /// Checks that the file is named by the slug.
    fn slug(&self, text: &str, problems: &mut Problems) -> Option<Slug> {
        let slug = problems.take("slug", Slug::parse(text))?;
        if slug.as_str() != self.stem {
            problems.add(Error::invalid("slug", format!("`{slug}` is not the name of the file.")));
        }
        Some(slug)
    }

    fn mistakes(&self, problems: Problems) -> Vec<Mistake> {
        let lines = Lines::of(&self.text);
        let told = problems.into_told();
        told.map(|Told { path, line, message }| Mistake {
            file: self.path.to_owned(),
            line: line.or_else(|| lines.line(&path)),
            message,
        })
        .collect()
    }
}
