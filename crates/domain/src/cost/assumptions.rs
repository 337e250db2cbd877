//! What an estimate takes for granted, in sentences.

use chrono::NaiveDate;

use super::{
    estimate::{CostLineStatus, Line, PlanEstimate},
    offer::Notes,
    usage::{DAYS_OF_MONTH, Usage},
};
use crate::{
    code::Code,
    fact::{Fact, FactDetail},
};

/// The sentences, the general ones first.
pub(super) fn assumptions(
    facts: &[Fact],
    usage: &Usage,
    as_of: NaiveDate,
    notes: &Notes,
    plans: &[PlanEstimate],
) -> Vec<String> {
    let mut told = vec![
        format!(
            "A month has {DAYS_OF_MONTH} days, all alike: what is included for a day counts {DAYS_OF_MONTH} times."
        ),
        "Taxes, discounts, credits and free trials are left out.".to_owned(),
    ];
    if usage.spreads_totals() {
        told.push("What is given for all users together is spread evenly over them.".to_owned());
    }
    if !notes.in_gib.is_empty() {
        told.push("1 GiB is 1.073741824 GB.".to_owned());
    }
    told.extend(about_regions(facts, usage, notes));
    let codes = |places: &[usize]| list(places.iter().map(|at| facts[*at].code.to_string()));
    let mut left_out = |places: &[usize], sentence: &dyn Fn(String) -> String| {
        if !places.is_empty() {
            told.push(sentence(codes(places)));
        }
    };
    let currency = &usage.currency;
    left_out(&notes.other_currency, &|codes| {
        format!(
            "No exchange rate is assumed: prices in other currencies than {currency} do not count ({codes})."
        )
    });
    left_out(&notes.refuted, &|codes| format!("Refuted facts do not count ({codes})."));
    left_out(&notes.not_valid, &|codes| format!("What did not hold on {as_of} does not count ({codes})."));
    told.extend(about_lines(plans));
    if usage.only_confirmed {
        told.push(
            "Only CONFIRMED facts count; the plan is the one that is chosen when all count.".to_owned(),
        );
    }
    told
}

fn about_regions(facts: &[Fact], usage: &Usage, notes: &Notes) -> Vec<String> {
    let region = |at: &usize| match &facts[*at].detail {
        FactDetail::Plan(plan) => plan.region.clone(),
        FactDetail::Meter(meter) => meter.region.clone(),
        _ => None,
    };
    let mut told = Vec::new();
    if let Some(asked) = &usage.region {
        told.push("A price without a region is taken to hold in all.".to_owned());
        if !notes.other_region.is_empty() {
            let regions = list(notes.other_region.iter().filter_map(region));
            told.push(format!("Prices of other regions than {asked} are left out ({regions})."));
        }
    } else if !notes.in_region.is_empty() {
        let regions = list(notes.in_region.iter().filter_map(region));
        told.push(format!("No region was asked for: prices of {regions} count, the dearest of each meter."));
    }
    told
}

fn about_lines(plans: &[PlanEstimate]) -> Vec<String> {
    let meters = |test: &dyn Fn(&Line) -> bool| {
        let lines = plans.iter().flat_map(|plan| &plan.lines).filter(|line| line.used.is_some());
        list(lines.filter(|line| test(line)).map(|line| line.meter.code().to_owned()))
    };
    let mut told = Vec::new();
    let mut tell = |meters: String, sentence: &str| {
        if !meters.is_empty() {
            told.push(format!("{sentence}: {meters}."));
        }
    };
    tell(
        meters(&|line| line.is_disputed),
        "Where facts disagree, one that stops decides, else the dearest; what one leaves open is filled from the others",
    );
    let from_zero = |line: &Line| line.included.is_none() && line.status == CostLineStatus::Billed;
    tell(meters(&from_zero), "No source says how much is included, so all is billed");
    tell(meters(&|line| line.status == CostLineStatus::NoPrice), "No price is known in at least one plan");
    told
}

/// Each text once, in the order of their first appearance.
fn list(texts: impl Iterator<Item = String>) -> String {
    let mut each: Vec<String> = Vec::new();
    for text in texts {
        if !each.contains(&text) {
            each.push(text);
        }
    }
    each.join(", ")
}
