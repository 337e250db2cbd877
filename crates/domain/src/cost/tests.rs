use chrono::NaiveDate;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;
use crate::{
    fact::{Fact, FactDetail, FactKind, tests::fact as some_fact},
    price::{Currency, HardLimit, Meter, MeterPeriod, Plan, UsageMeter},
    verdict::Verdict,
};

const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();

fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn usd() -> Currency {
    Currency::parse("currency", "USD").unwrap()
}

fn price_fact(code: &str, detail: FactDetail) -> Fact {
    Fact { kind: FactKind::Price, detail, ..some_fact(code).fact }
}

fn plan(name: &str, price: &str) -> Fact {
    let plan = Plan {
        name: name.to_owned(),
        monthly_price: Some(number(price)),
        currency: Some(usd()),
        region: None,
    };
    price_fact(&format!("plan.{}", name.to_lowercase()), FactDetail::Plan(plan))
}

/// What is included in a day or a month, and what one more costs.
fn meter(plan: &str, meter: UsageMeter, included: &str, period: MeterPeriod, price: &str) -> Fact {
    let price = (!price.is_empty()).then(|| number(price));
    let meter = Meter {
        plan: plan.to_owned(),
        meter,
        unit: "units".to_owned(),
        included: (!included.is_empty()).then(|| number(included)),
        unlimited: false,
        period,
        price,
        per: price.map(|_| number("100000")),
        currency: price.map(|_| usd()),
        region: None,
        hard_limit: Some(if price.is_some() { HardLimit::No } else { HardLimit::Yes }),
    };
    price_fact(&format!("meter.{}", plan.to_lowercase()), FactDetail::Meter(meter))
}

fn edit(mut fact: Fact, change: impl FnOnce(&mut Meter)) -> Fact {
    if let FactDetail::Meter(meter) = &mut fact.detail {
        change(meter);
    }
    fact
}

const READS: UsageMeter = UsageMeter::DocumentReads;
const EGRESS: UsageMeter = UsageMeter::EgressGb;

/// A plan that stops and one that bills, with the same free reads, as Firebase has them.
fn two_plans() -> Vec<Fact> {
    vec![
        plan("Bill", "0"),
        meter("Bill", READS, "50000", MeterPeriod::Day, "0.03"),
        plan("Stop", "0"),
        meter("Stop", READS, "50000", MeterPeriod::Day, ""),
    ]
    .into_iter()
    .chain(["Bill", "Stop"].map(|plan| {
        edit(meter(plan, UsageMeter::MonthlyActiveUsers, "", MeterPeriod::Month, ""), |meter| {
            meter.unlimited = true;
        })
    }))
    .collect()
}

fn reads(users: u32, each: &str) -> Usage {
    Usage {
        monthly_active_users: Some(users),
        reads_per_user_per_day: Some(number(each)),
        ..Usage::none(usd())
    }
}

fn line(plan: &PlanEstimate, meter: UsageMeter) -> &Line {
    plan.lines.iter().find(|line| line.meter == meter).unwrap()
}

#[test]
fn fifty_thousand_users_with_thirty_reads_a_day() {
    let estimate = estimate(&two_plans(), &reads(50_000, "30"), TODAY).unwrap();
    let chosen = estimate.chosen().unwrap();
    assert_eq!((chosen.plan, chosen.monthly), (0, Some(number("13.05"))));
    let line = line(chosen, READS);
    assert_eq!(line.status, CostLineStatus::Billed);
    assert_eq!(line.used, Some(number("45000000")));
    assert_eq!(line.included, Some(number("1500000")), "50,000 a day");
    assert_eq!(line.beyond, Some(number("43500000")));
    assert_eq!(line.exceeded_at, Some(1_667));
    assert_eq!(estimate.fits_free_tier, Some(false));
    assert!(estimate.plans[1].stops);
    assert_eq!(chosen.has_spend_cap, Some(false));
    assert_eq!(chosen.unconfirmed_share(), Some(Decimal::ONE));
}

#[test]
fn the_free_tier_ends_with_the_first_user_too_many() {
    let found = cliffs(&two_plans(), &reads(1, "30"), TODAY);
    let told: Vec<_> = found.iter().map(|cliff| (cliff.kind, cliff.users)).collect();
    let kinds = [CostCliffKind::FreeTierEnds, CostCliffKind::PlanChanges, CostCliffKind::BillingStarts];
    assert_eq!(told, kinds.map(|kind| (kind, 1_667)), "1,667 × 30 = 50,010");
    assert!(found.iter().all(|cliff| cliff.meters == [READS]));
    assert_eq!(found[0].monthly_before, Some(Decimal::ZERO));
    assert_eq!(found[0].monthly, Some(number("0.00009")), "10 reads × 30 days × 0.03 / 100,000");
    assert_eq!((found[1].plan_before, found[1].plan), (Some(2), Some(0)));
}

#[test]
fn without_a_price_there_is_no_number() {
    let facts = [
        plan("Pro", "25"),
        edit(meter("Pro", EGRESS, "50", MeterPeriod::Month, ""), |meter| {
            meter.hard_limit = Some(HardLimit::No);
        }),
    ];
    let usage = |egress| Usage { egress_gb: Some(number(egress)), ..Usage::none(usd()) };
    let bears = estimate(&facts, &usage("50"), TODAY).unwrap();
    assert_eq!(bears.monthly(), Some(number("25")));
    let more = estimate(&facts, &usage("51"), TODAY).unwrap();
    let chosen = more.chosen().unwrap();
    assert_eq!((chosen.monthly, chosen.known, chosen.missing()), (None, number("25"), 1));
    assert_eq!(line(chosen, EGRESS).status, CostLineStatus::NoPrice);
    assert!(more.assumptions.iter().any(|told| told.contains("EGRESS_GB")), "{:?}", more.assumptions);
    let other = Usage { storage_gb: Some(number("1")), ..usage("1") };
    let other = estimate(&facts, &other, TODAY).unwrap();
    assert_eq!(other.monthly(), None, "no source says anything of storage");
    assert_eq!(estimate(&facts[1..], &usage("1"), TODAY), None, "no plan is known");
}

#[test]
fn where_facts_disagree_the_dearest_counts_and_what_one_leaves_open_is_filled() {
    let mut facts = two_plans();
    facts.push(meter("Bill", READS, "", MeterPeriod::Day, "0.06"));
    let estimate = estimate(&facts, &reads(50_000, "30"), TODAY).unwrap();
    let line = line(estimate.chosen().unwrap(), READS);
    assert!(line.is_disputed);
    assert_eq!(line.fact, Some(6));
    assert_eq!((line.total, line.lowest_total), (Some(number("26.1")), Some(number("13.05"))));
    assert_eq!(estimate.chosen().unwrap().lowest, number("13.05"));
}

#[test]
fn what_is_refuted_or_not_valid_or_of_another_region_does_not_count() {
    let usage = Usage { region: Some("us-central1".to_owned()), ..reads(50_000, "30") };
    let cheaper = || meter("Bill", READS, "50000", MeterPeriod::Day, "9");
    let mut facts = two_plans();
    facts[1] = edit(facts[1].clone(), |meter| meter.region = Some("us-central1 (Iowa)".to_owned()));
    facts.push(Fact { verdict: Verdict::Stale, ..cheaper() });
    facts.push(Fact { valid_to: NaiveDate::from_ymd_opt(2026, 11, 22), ..cheaper() });
    facts.push(Fact { valid_from: NaiveDate::from_ymd_opt(2026, 11, 24), ..cheaper() });
    facts.push(edit(cheaper(), |meter| meter.region = Some("europe-west3 (Frankfurt)".to_owned())));
    let estimate = estimate(&facts, &usage, TODAY).unwrap();
    assert_eq!(estimate.monthly(), Some(number("13.05")));
    let told = estimate.assumptions.join(" ");
    for part in ["Refuted facts", "2026-11-23", "europe-west3 (Frankfurt)"] {
        assert!(told.contains(part), "{told}");
    }
}

#[test]
fn no_exchange_rate_is_made_up() {
    let usage = Usage { currency: Currency::parse("currency", "EUR").unwrap(), ..reads(50_000, "30") };
    let more = estimate(&two_plans(), &usage, TODAY).unwrap();
    assert_eq!(more.monthly(), None);
    assert!(more.assumptions.iter().any(|told| told.contains("exchange rate")), "{:?}", more.assumptions);
    let few = Usage { monthly_active_users: Some(10), ..usage };
    assert_eq!(estimate(&two_plans(), &few, TODAY).unwrap().monthly(), Some(Decimal::ZERO), "0 is 0");
}

#[test]
fn a_gib_is_more_than_a_gb() {
    let facts = [
        plan("Bill", "0"),
        edit(meter("Bill", EGRESS, "10", MeterPeriod::Month, "0.5"), |meter| {
            meter.unit = "GiB".to_owned();
            meter.per = Some(Decimal::ONE);
        }),
    ];
    let usage = Usage { egress_gb: Some(number("21.474836")), ..Usage::none(usd()) };
    let estimate = estimate(&facts, &usage, TODAY).unwrap();
    let line = line(estimate.chosen().unwrap(), EGRESS);
    assert_eq!(line.included, Some(number("10.73741824")));
    assert_eq!(line.total, Some(number("4.9999997765")), "half a dollar less than 10 GiB by 0.48 kB");
}

#[test]
fn usage_that_makes_no_sense_is_refused() {
    let refused = |change: fn(&mut Usage)| {
        let mut usage = reads(10, "1");
        change(&mut usage);
        usage.validate().map_err(|error| error.to_string()).unwrap_err()
    };
    assert!(refused(|usage| usage.storage_gb = Some(number("-1"))).starts_with("storageGb: must not be neg"));
    assert!(refused(|usage| usage.egress_gb = Some(number("1e15"))).starts_with("egressGb"));
    assert!(refused(|usage| usage.monthly_active_users = None).contains("readsPerUserPerDay"));
    assert!(refused(|usage| usage.monthly_active_users = Some(MAX_USERS + 1)).contains("1000000000"));
    assert!(refused(|usage| usage.reads_per_user_per_day = Some(number("1000001"))).contains("1000000"));
    assert!(refused(|usage| usage.region = Some(String::new())).starts_with("region"));
    assert!(reads(10, "1").validate().is_ok());
}

#[test]
fn absurd_prices_do_not_break_anything() {
    let largest = number("9223372036854.775807");
    let facts = [
        plan("Bill", "9223372036854.775807"),
        edit(meter("Bill", READS, "", MeterPeriod::Day, "1"), |meter| {
            (meter.price, meter.per) = (Some(largest), Some(number("0.000001")));
        }),
        edit(meter("Bill", UsageMeter::MonthlyActiveUsers, "", MeterPeriod::Day, "1"), |meter| {
            (meter.price, meter.per) = (Some(largest), Some(number("0.000001")));
        }),
    ];
    let usage = reads(MAX_USERS, "1000000");
    assert_eq!(estimate(&facts, &usage, TODAY).unwrap().monthly(), Some(Decimal::MAX));
    assert!(!cliffs(&facts, &usage, TODAY).is_empty());
}

#[test]
fn a_hundred_facts_that_disagree_are_no_burden() {
    let reading = |at: i64| {
        meter("A", READS, &(100 * at * at).to_string(), MeterPeriod::Day, &(1 + 17 * at).to_string())
    };
    let mut facts = vec![plan("A", "1")];
    facts.extend((0..98).map(reading));
    facts.push(meter("A", UsageMeter::MonthlyActiveUsers, "1000000000", MeterPeriod::Month, ""));
    let bill = Bill::new(&facts, &reads(1_000, "3"), TODAY).unwrap();
    assert!(bill.pieces.len() <= 100, "{} pieces for 98 lines", bill.pieces.len());
    assert_eq!(bill.known_up_to(), Some(MAX_USERS));
}

fn verdicts() -> impl Strategy<Value = Verdict> {
    prop::sample::select(vec![Verdict::Confirmed, Verdict::Stated, Verdict::Unknown, Verdict::Stale])
}

fn some_meter() -> impl Strategy<Value = Fact> {
    let limits = prop::sample::select(vec![
        None,
        Some(HardLimit::Yes),
        Some(HardLimit::No),
        Some(HardLimit::Configurable),
    ]);
    let what = (
        prop::sample::select(vec!["A", "B", "C"]),
        prop::sample::select(vec![READS, EGRESS, UsageMeter::MonthlyActiveUsers]),
        prop::option::weighted(0.7, 0i64..2_000),
        prop::option::weighted(0.7, 0i64..500),
    );
    (what, limits, any::<bool>(), verdicts()).prop_map(
        |((plan, kind, included, price), limit, daily, verdict)| {
            let period = if daily { MeterPeriod::Day } else { MeterPeriod::Month };
            let fact = edit(meter(plan, kind, "", period, ""), |meter| {
                meter.included = included.map(Decimal::from);
                meter.price = price.map(|price| Decimal::new(price, 2));
                meter.per = price.map(|_| number("3"));
                meter.currency = price.map(|_| usd());
                meter.hard_limit = limit;
            });
            Fact { verdict, ..fact }
        },
    )
}

fn some_provider() -> impl Strategy<Value = Vec<Fact>> {
    let plans = prop::collection::vec((0i64..300, verdicts()), 1..4);
    (plans, prop::collection::vec(some_meter(), 0..14)).prop_map(|(plans, meters)| {
        let names = ["A", "B", "C"].iter().zip(plans);
        let plans = names.map(|(name, (price, verdict))| Fact { verdict, ..plan(name, &price.to_string()) });
        plans.chain(meters).collect()
    })
}

fn some_usage() -> impl Strategy<Value = Usage> {
    (1u32..4_000, prop::option::of(0i64..50), prop::option::of(0i64..50)).prop_map(
        |(users, reads, egress)| Usage {
            monthly_active_users: Some(users),
            reads_per_user_per_day: reads.map(|reads| Decimal::new(reads, 1)),
            egress_gb: egress.map(|egress| Decimal::new(egress, 1) * Decimal::from(users)),
            ..Usage::none(usd())
        },
    )
}

/// The same usage for each user.
fn grown(usage: &Usage, users: u32) -> Usage {
    let each = |total: Decimal| total / Decimal::from(usage.users());
    let egress_gb = usage.egress_gb.map(|total| each(total) * Decimal::from(users));
    Usage { monthly_active_users: Some(users), egress_gb, ..usage.clone() }
}

fn of_plan(estimate: &Estimate, plan: usize) -> &PlanEstimate {
    estimate.plans.iter().find(|other| other.plan == plan).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_bill_of_a_plan_never_falls_as_usage_grows(facts in some_provider(), usage in some_usage(), more in 0u32..4_000) {
        let larger = grown(&usage, usage.users() + more);
        let (Some(before), Some(after)) = (estimate(&facts, &usage, TODAY), estimate(&facts, &larger, TODAY)) else {
            return Ok(());
        };
        for plan in &before.plans {
            let after = of_plan(&after, plan.plan);
            prop_assert!(!plan.stops || after.stops, "what stopped goes on");
            prop_assert!(plan.monthly.is_some() || after.monthly.is_none(), "what was not known is known");
            if let (Some(before), Some(after)) = (plan.monthly, after.monthly) {
                prop_assert!(after >= before, "{before} {after}");
            }
        }
    }

    #[test]
    fn lines_add_up_to_the_total(facts in some_provider(), usage in some_usage()) {
        for plan in estimate(&facts, &usage, TODAY).into_iter().flat_map(|estimate| estimate.plans) {
            let sum: Decimal = plan.lines.iter().filter_map(|line| line.total).sum();
            prop_assert_eq!(sum + plan.base.unwrap_or_default(), plan.known);
            prop_assert_eq!(plan.monthly.is_some(), !plan.stops && plan.missing() == 0);
            prop_assert!(plan.lowest <= plan.known && plan.unconfirmed <= plan.known);
            for line in &plan.lines {
                let has_number = matches!(line.status, CostLineStatus::Included | CostLineStatus::Billed);
                prop_assert_eq!(line.total.is_some(), has_number, "{:?}", line);
            }
        }
    }

    #[test]
    fn the_cheapest_is_chosen(facts in some_provider(), usage in some_usage()) {
        if let Some(estimate) = estimate(&facts, &usage, TODAY) {
            let known: Vec<Decimal> = estimate.plans.iter().filter_map(|plan| plan.monthly).collect();
            prop_assert_eq!(estimate.monthly(), known.iter().min().copied());
        }
    }

    #[test]
    fn only_confirmed_facts_never_raise_the_bill(facts in some_provider(), usage in some_usage()) {
        let only = Usage { only_confirmed: true, ..usage.clone() };
        if let (Some(all), Some(only)) = (estimate(&facts, &usage, TODAY), estimate(&facts, &only, TODAY)) {
            for plan in &only.plans {
                let with_all = of_plan(&all, plan.plan);
                prop_assert!(with_all.stops || plan.known <= with_all.known);
                prop_assert_eq!(plan.unconfirmed, Decimal::ZERO);
            }
            if let Some(chosen) = all.chosen() {
                prop_assert_eq!(only.chosen().map(|plan| plan.plan), Some(chosen.plan));
            }
        }
    }

    #[test]
    fn a_cliff_is_exactly_where_it_is_said_to_be(facts in some_provider(), usage in some_usage()) {
        for cliff in cliffs(&facts, &usage, TODAY) {
            let at = |users| estimate(&facts, &grown(&usage, users), TODAY).unwrap();
            let now = at(cliff.users);
            let plan_at = |estimate: &Estimate| estimate.chosen().filter(|plan| plan.monthly.is_some()).map(|plan| plan.plan);
            if cliff.users == 0 {
                prop_assert_eq!(cliff.kind, CostCliffKind::BaseFee);
                prop_assert!(now.monthly().unwrap() > Decimal::ZERO);
                continue;
            }
            let before = at(cliff.users - 1);
            // Each line is told to ten places.
            let close = |one: Option<Decimal>, other: Option<Decimal>| match (one, other) {
                (Some(one), Some(other)) => (one - other).abs() < number("0.0000001"),
                (one, other) => one == other,
            };
            prop_assert!(close(before.monthly(), cliff.monthly_before), "{:?} {:?}", before.monthly(), cliff);
            prop_assert!(close(now.monthly(), cliff.monthly), "{:?} {:?}", now.monthly(), cliff);
            let billed = |estimate: &Estimate| {
                let lines = &estimate.chosen().unwrap().lines;
                lines.iter().any(|line| cliff.meters.contains(&line.meter) && line.status == CostLineStatus::Billed)
            };
            match cliff.kind {
                CostCliffKind::BaseFee => prop_assert!(false, "it begins at 0"),
                CostCliffKind::FreeTierEnds => {
                    prop_assert_eq!(before.monthly(), Some(Decimal::ZERO));
                    prop_assert_ne!(cliff.monthly, Some(Decimal::ZERO));
                }
                CostCliffKind::PlanChanges => {
                    prop_assert_eq!(plan_at(&before), cliff.plan_before);
                    prop_assert_eq!(plan_at(&now), cliff.plan);
                    prop_assert_ne!(cliff.plan, cliff.plan_before);
                }
                CostCliffKind::BillingStarts => prop_assert!(!billed(&before) && billed(&now)),
                CostCliffKind::NoPlanKnown => prop_assert!(before.monthly().is_some() && now.monthly().is_none()),
            }
        }
    }

    #[test]
    fn no_jump_of_the_bill_is_missed(facts in some_provider(), usage in some_usage()) {
        let found = cliffs(&facts, &usage, TODAY);
        let at = |users| estimate(&facts, &grown(&usage, users), TODAY)
            .and_then(|estimate| estimate.chosen().map(|plan| (plan.monthly.is_some(), plan.plan)))
            .filter(|(is_known, _)| *is_known);
        let mut before = at(0);
        for users in (1..60).chain([500, 501, 502]) {
            let now = at(users);
            if users < 60 && now != before {
                prop_assert!(found.iter().any(|cliff| cliff.users == users), "{users}: {before:?} {now:?} {found:?}");
            }
            before = now;
        }
    }

    #[test]
    fn a_crossover_flips_and_one_user_less_does_not(one in some_provider(), other in some_provider(), usage in some_usage()) {
        let bill = |facts: &[Fact]| Bill::new(facts, &usage, TODAY);
        let (Some(first), Some(second)) = (bill(&one), bill(&other)) else { return Ok(()) };
        let compared = |users: u32| {
            let (one, other) = (first.at(users)?.1, second.at(users)?.1);
            Some(one.cmp(&other))
        };
        let found = crossovers(&first, &second);
        for crossover in &found {
            prop_assert!(crossover.after.is_ne() && crossover.after != crossover.before);
            prop_assert_eq!(compared(crossover.users), Some(crossover.after));
            prop_assert_ne!(compared(crossover.users - 1), Some(crossover.after));
        }
        let mut last = None;
        for users in 0..300 {
            let Some(now) = compared(users) else { break };
            let flips = now.is_ne() && last.is_some_and(|last| last != now);
            prop_assert_eq!(found.iter().any(|crossover| crossover.users == users), flips, "{}", users);
            last = if now.is_ne() || last.is_none() { Some(now) } else { last };
        }
    }

    #[test]
    fn a_bill_in_pieces_is_the_estimate_everywhere(facts in some_provider(), usage in some_usage(), users in 0u32..5_000) {
        let Some(bill) = Bill::new(&facts, &usage, TODAY) else { return Ok(()) };
        let told = estimate(&facts, &grown(&usage, users), TODAY).unwrap();
        let known = bill.at(users).map(|(_, monthly)| exact::decimal(&monthly));
        prop_assert_eq!(known.is_some(), told.monthly().is_some());
        prop_assert_eq!(bill.known_up_to().is_some_and(|last| users <= last), known.is_some());
        if let Some((known, told)) = known.zip(told.monthly()) {
            prop_assert!((known - told).abs() < number("0.0000001"), "{} {}", known, told);
        }
    }
}
