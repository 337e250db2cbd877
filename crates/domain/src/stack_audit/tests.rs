use super::*;
use crate::{
    code::Code,
    relation::RelationKind,
    release_cycle::tests::{cycle, day},
    slug::Slug,
    subject::SubjectKind,
    technology_name::TechnologyNameKind,
    version::VersionRange,
};
use proptest::prelude::*;

const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();

fn id(slug: &str) -> Id<Subject> {
    Subject::new(SubjectKind::Technology, Slug::parse(slug).unwrap()).id()
}

/// What is known of one technology, for [`StackItem`]s to borrow.
struct Known {
    name: &'static str,
    technology: Resolution<Id<Subject>>,
    cycles: Vec<ReleaseCycle>,
    requirements: Vec<Relation>,
}

impl Known {
    fn new(name: &'static str, cycles: Vec<ReleaseCycle>, requirements: Vec<Relation>) -> Self {
        let technology = Resolution::Known { technology: id(name), by: TechnologyNameKind::Slug };
        Self { name, technology, cycles, requirements }
    }

    fn at<'a>(&'a self, version: impl Into<Option<&'a str>>) -> StackItem<'a> {
        let Self { name, technology, cycles, requirements } = self;
        StackItem { name, technology, version: version.into(), cycles, requirements }
    }
}

fn needs(from: &str, from_versions: &str, to: &str, versions: &str) -> Relation {
    let range = |text: &str| VersionRange::parse("versions", text).unwrap();
    Relation {
        kind: RelationKind::RunsOn,
        from: id(from),
        to: id(to),
        from_versions: Some(range(from_versions)),
        versions: Some(range(versions)),
    }
}

fn rails() -> Known {
    let cycles = vec![
        cycle("8.0", "2024-11-07", "2026-05-07", "2026-11-07"),
        cycle("8.1", "2025-10-22", "2026-10-10", "2027-10-10"),
    ];
    let ruby = needs("rails", "~8.1", "ruby", ">=3.2");
    Known::new("rails", cycles, vec![ruby.clone(), ruby, needs("rails", "~8.0", "ruby", ">=3.1")])
}

fn ruby() -> Known {
    let cycles = vec![
        cycle("3.1", "2021-12-25", "", "2025-03-26"),
        cycle("3.3", "2023-12-25", "2026-04-01", "2027-03-31"),
        cycle("4.0", "2025-12-25", "2028-03-31", "2029-03-31"),
    ];
    Known::new("ruby", cycles, vec![])
}

#[test]
fn what_is_out_of_support_is_told_where_to_go() {
    let (rails, ruby) = (rails(), ruby());
    let audit = audit_stack(&[rails.at("8.0.2"), ruby.at("3.1.4")], TODAY);
    assert_eq!((audit.overall, audit.unknown), (SupportStatus::EndOfLife, 0));
    let suggestion = &audit.items[0].suggestion;
    assert_eq!(
        (suggestion.advice, suggestion.nearest, suggestion.newest),
        (UpgradeAdvice::Upgrade, Some(1), Some(1))
    );
    assert_eq!(audit.items[0].supported_until, Some(day("2026-11-07")));
    let suggestion = &audit.items[1].suggestion;
    assert_eq!((suggestion.nearest, suggestion.newest), (Some(1), Some(2)));
    assert_eq!(
        suggestion.message,
        "ruby 3.1 is out of support: go to 3.3 at least; 4.0 is the newest that is supported."
    );
}

#[test]
fn an_upgrade_that_needs_another_runtime_is_told_with_the_facts() {
    let (rails, ruby) = (rails(), ruby());
    let audit = audit_stack(&[rails.at("8.0.2"), ruby.at("3.1.4")], TODAY);
    let conflicts = &audit.conflicts;
    assert_eq!(conflicts.len(), 1, "{conflicts:?}");
    assert_eq!(conflicts[0].kind, StackConflictKind::UpgradeNeedsRuntime);
    assert_eq!((conflicts[0].item, conflicts[0].runtime), (0, 1));
    assert_eq!(conflicts[0].requirements, [0, 1], "both facts that say the same");
    let audit = audit_stack(&[ruby.at("3.1"), rails.at("8.1.0")], TODAY);
    assert_eq!(audit.conflicts[0].message, "rails 8.1.0 needs ruby >=3.2; the stack has ruby 3.1.");
    assert_eq!((audit.conflicts[0].kind, audit.conflicts.len()), (StackConflictKind::InUse, 1));
}

#[test]
fn an_upgrade_of_the_runtime_may_leave_the_range() {
    let old = Known::new(
        "old",
        vec![cycle("1", "2020-01-01", "", "OPEN")],
        vec![needs("old", "^1", "ruby", "<3.3")],
    );
    let ruby = ruby();
    let audit = audit_stack(&[old.at("1.5"), ruby.at("3.1")], TODAY);
    let kinds: Vec<_> =
        audit.conflicts.iter().map(|conflict| (conflict.kind, conflict.runtime_version.as_str())).collect();
    assert_eq!(kinds, [(StackConflictKind::RuntimeUpgrade, "3.3")]);
}

#[test]
fn a_version_that_may_fit_is_no_conflict() {
    let (rails, ruby) = (rails(), ruby());
    assert_eq!(audit_stack(&[rails.at("8.1"), ruby.at("3")], TODAY).conflicts, []);
    assert_eq!(audit_stack(&[rails.at("8"), ruby.at("3.1")], TODAY).conflicts, [], "8 may be 8.0");
    assert_eq!(audit_stack(&[rails.at("8.1"), ruby.at(None)], TODAY).conflicts, []);
}

#[test]
fn the_timeline_tells_every_declared_change_ahead_once() {
    let (rails, ruby) = (rails(), ruby());
    let audit = audit_stack(&[ruby.at("3.3"), rails.at("8.1"), rails.at("8.1.1")], day("2026-01-01"));
    let told: Vec<_> = audit
        .timeline
        .iter()
        .map(|StackEvent { item, event }| (event.on.to_string(), *item, event.to.code()))
        .collect();
    let expected = [
        ("2026-04-02", 0, "SECURITY_ONLY"),
        ("2026-10-11", 1, "SECURITY_ONLY"),
        ("2027-04-01", 0, "END_OF_LIFE"),
        ("2027-10-11", 1, "END_OF_LIFE"),
    ];
    assert_eq!(told, expected.map(|(on, item, to)| (on.to_owned(), item, to)));
}

#[test]
fn what_ends_soon_is_left_for_what_lasts_longer() {
    let lines = vec![
        cycle("1", "2024-01-01", "", "2027-02-01"),
        cycle("2", "2025-01-01", "", "2027-01-01"),
        cycle("3", "2026-01-01", "", "2029-01-01"),
    ];
    let known = Known::new("a", lines, vec![]);
    let audit = audit_stack(&[known.at("1.0")], TODAY);
    let suggestion = &audit.items[0].suggestion;
    assert_eq!((suggestion.advice, suggestion.nearest), (UpgradeAdvice::UpgradeSoon, Some(2)));
    assert!(suggestion.message.contains("until 2027-02-01"), "{}", suggestion.message);
    let audit = audit_stack(&[known.at("3.1")], TODAY);
    assert_eq!(audit.items[0].suggestion.advice, UpgradeAdvice::NoneNeeded);
}

#[test]
fn what_is_not_known_is_kept_counted_and_no_status() {
    let (rails, ruby) = (rails(), ruby());
    let empty = Known::new("empty", vec![], vec![]);
    let not_known = Resolution::NotKnown;
    let several = Resolution::Ambiguous(vec![id("a"), id("b")]);
    let nameless = |technology| StackItem {
        name: "Ralis",
        technology,
        version: Some("8.0"),
        cycles: &[],
        requirements: &[],
    };
    let items = [
        nameless(&not_known),
        nameless(&several),
        rails.at(None),
        rails.at("8"),
        rails.at("9.9"),
        empty.at("1"),
        empty.at(None),
        ruby.at("4.0.1"),
    ];
    let audit = audit_stack(&items, TODAY);
    let kinds: Vec<_> = audit.items.iter().map(|item| item.health.reasons[0].kind.code()).collect();
    assert_eq!(
        kinds,
        [
            "NAME_NOT_KNOWN",
            "NAME_AMBIGUOUS",
            "VERSION_NOT_GIVEN",
            "VERSION_NOT_KNOWN",
            "VERSION_NOT_KNOWN",
            "NO_CYCLE_KNOWN",
            "NO_CYCLE_KNOWN",
            "ACTIVELY_SUPPORTED"
        ]
    );
    assert_eq!(audit.items[3].health.reasons[0].cycles, [0, 1], "the cycles that it may be");
    assert_eq!((audit.overall, audit.unknown), (SupportStatus::Active, 7));
    assert_eq!(audit_stack(&items[..7], TODAY).overall, SupportStatus::NotDeclared);
    assert_eq!(audit_stack(&[], TODAY).overall, SupportStatus::NotDeclared);
}

#[test]
fn the_worst_status_is_the_end_of_support() {
    let mut statuses = <SupportStatus as strum::VariantArray>::VARIANTS.to_vec();
    statuses.sort_by_key(|status| std::cmp::Reverse(severity(*status)));
    let codes: Vec<_> = statuses.into_iter().map(Code::code).collect();
    assert_eq!(
        codes,
        ["END_OF_LIFE", "EXTENDED_ONLY", "UPCOMING", "SECURITY_ONLY", "NOT_DECLARED", "ACTIVE"]
    );
}

#[test]
fn conflicts_have_a_bound() {
    let rails = Known::new("rails", vec![], vec![needs("rails", ">=1", "ruby", ">=9")]);
    let ruby = ruby();
    let mut items = vec![rails.at("8.1.0"); 100];
    items.extend(vec![ruby.at("4.0.0"); 100]);
    assert_eq!(audit_stack(&items, TODAY).conflicts.len(), MAX_CONFLICTS);
}

proptest! {
    #[test]
    fn the_timeline_is_ordered_and_lies_ahead(as_of in 0i64..2_500, picks in proptest::collection::vec((0usize..2, 0usize..4), 0..12)) {
        let as_of = day("2021-01-01") + chrono::Duration::days(as_of);
        let (rails, ruby) = (rails(), ruby());
        let versions = [["8.0", "8.1", "8.1.5", "7"], ["3.1", "3.3", "4.0", "9"]];
        let items: Vec<_> = picks.iter().map(|(which, version)| [&rails, &ruby][*which].at(versions[*which][*version])).collect();
        let audit = audit_stack(&items, as_of);
        prop_assert!(audit.timeline.is_sorted_by_key(|event| event.event.on));
        for StackEvent { item, event } in &audit.timeline {
            prop_assert!(event.on > as_of && event.from != event.to);
            let line = &items[*item].cycles[event.cycle];
            prop_assert_eq!(line.status(event.on), event.to);
            prop_assert_eq!(line.status(event.on.pred_opt().unwrap()), event.from);
        }
    }

    #[test]
    fn overall_is_the_worst_of_the_known_and_unknown_items_change_nothing(as_of in 0i64..2_500, picks in proptest::collection::vec(0usize..6, 0..9)) {
        let as_of = day("2021-01-01") + chrono::Duration::days(as_of);
        let (rails, ruby) = (rails(), ruby());
        let pool = [rails.at("8.0"), rails.at("8.1"), ruby.at("3.1"), ruby.at("4.0"), ruby.at("12"), rails.at(None)];
        let items: Vec<_> = picks.iter().map(|at| pool[*at]).collect();
        let audit = audit_stack(&items, as_of);
        prop_assert_eq!(audit.unknown, picks.iter().filter(|at| **at > 3).count());
        let known: Vec<_> = audit.items.iter().filter(|item| item.is_known()).map(|item| item.health.status).collect();
        let worst = known.into_iter().max_by_key(|status| severity(*status));
        prop_assert_eq!(audit.overall, worst.unwrap_or(SupportStatus::NotDeclared));
        let only_known: Vec<_> = items.iter().zip(&audit.items).filter(|(_, item)| item.is_known()).map(|(item, _)| *item).collect();
        prop_assert_eq!(audit_stack(&only_known, as_of).overall, audit.overall);
        for item in audit.items.iter().filter(|item| !item.is_known()) {
            prop_assert_eq!(item.health.status, SupportStatus::NotDeclared);
            prop_assert_eq!(item.suggestion.advice, UpgradeAdvice::Unknown);
        }
    }

    #[test]
    fn versions_in_use_conflict_exactly_when_they_lie_outside_of_the_range(
        low in 0u64..6, width in 0u64..4, major in 0u64..9, minor in 0u64..9, framework in 0u64..3,
    ) {
        let range = format!(">={low}, <{}", low + width);
        let framework_version = format!("{framework}.2.3");
        let known = Known::new("framework", vec![], vec![needs("framework", ">=1, <2", "ruby", &range)]);
        let ruby = Known::new("ruby", vec![], vec![]);
        let version = format!("{major}.{minor}.0");
        let audit = audit_stack(&[known.at(framework_version.as_str()), ruby.at(version.as_str())], TODAY);
        let outside = !(low..low + width).contains(&major);
        prop_assert_eq!(audit.conflicts.len(), usize::from(outside && framework == 1), "{} in {}", version, range);
    }

    #[test]
    fn a_suggestion_leads_to_what_is_newer_and_supported(as_of in 0i64..2_500, at in 0usize..3) {
        let as_of = day("2021-01-01") + chrono::Duration::days(as_of);
        let ruby = ruby();
        let version = ruby.cycles[at].cycle.clone();
        let audit = audit_stack(&[ruby.at(version.as_str())], as_of);
        let suggestion = &audit.items[0].suggestion;
        for target in [suggestion.nearest, suggestion.newest].into_iter().flatten() {
            prop_assert!(ruby.cycles[target].status(as_of).is_supported());
            prop_assert!(ruby.cycles[target].released_on > ruby.cycles[at].released_on);
        }
        let needed = matches!(suggestion.advice, UpgradeAdvice::Upgrade | UpgradeAdvice::NoTargetKnown);
        prop_assert_eq!(needed, !audit.items[0].health.status.is_supported());
    }
}
