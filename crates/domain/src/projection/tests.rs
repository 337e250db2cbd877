use super::*;
use proptest::prelude::*;

fn size(source: &str, year: i32, amount: i64) -> Figure {
    let quote = Quote::Size(MarketSize { year, amount_usd: Decimal::from(amount) });
    Figure { source: Id::named(source), quote, is_refuted: false }
}

fn growth(source: &str, from: i32, to: i32, tenths: i64) -> Figure {
    let quote = Quote::Growth { from, to, percent: Decimal::new(tenths, 1) };
    Figure { source: Id::named(source), quote, is_refuted: false }
}

fn only_line(figures: &[Figure], year: i32) -> Line {
    let projection = project(figures, year);
    assert_eq!((projection.lines.len(), projection.gaps.len()), (1, 0), "{projection:?}");
    projection.lines[0].clone()
}

fn reason(figures: &[Figure], year: i32) -> ProjectionGapReason {
    let projection = project(figures, year);
    assert_eq!((projection.lines.len(), projection.gaps.len()), (0, 1), "{projection:?}");
    projection.gaps[0].reason
}

fn article() -> Vec<Figure> {
    vec![size("a", 2022, 5_700_000_000), growth("a", 2022, 2030, 236), size("a", 2030, 31_100_000_000)]
}

#[test]
fn sources_that_disagree_make_a_range() {
    let figures: Vec<Figure> = article().into_iter().chain([size("b", 2025, 7_000_000_000)]).collect();
    let projection = project(&figures, 2025);
    assert_eq!(projection.low(), Some(Decimal::from(7_000_000_000_i64)));
    let high = projection.high().unwrap().to_f64().unwrap();
    assert!((high / 1e9 - 10.77).abs() < 0.01, "{high}");
    assert!((projection.middle().unwrap().to_f64().unwrap() - f64::midpoint(high, 7e9)).abs() < 1.0);
    assert!((projection.disagreement().unwrap() - high / 7e9).abs() < 1e-9);
    let bases: Vec<ProjectionBasis> = projection.lines.iter().map(|line| line.basis).collect();
    assert_eq!(bases, [ProjectionBasis::Stated, ProjectionBasis::Interpolated]);
    assert_eq!(projection.lines[1].figures, [0, 2]);
}

#[test]
fn beyond_its_period_a_source_is_extrapolated() {
    let line = only_line(&article(), 2034);
    assert_eq!((line.basis, line.years_beyond), (ProjectionBasis::Extrapolated, 4));
    assert!((line.growth_percent.unwrap() - 23.63).abs() < 0.005);
    let line = only_line(&article(), 2020);
    assert_eq!((line.basis, line.years_beyond), (ProjectionBasis::Extrapolated, 2));
    assert!(line.amount_usd < Decimal::from(5_700_000_000_i64));
}

#[test]
fn a_stated_rate_carries_a_size_through_its_period() {
    let line = only_line(&[size("a", 2024, 1_000_000), growth("a", 2025, 2030, 100)], 2026);
    assert_eq!((line.amount_usd, line.basis), (Decimal::from(1_210_000), ProjectionBasis::Interpolated));
    assert_eq!(line.figures, [0, 1]);
    let line = only_line(&[size("a", 2024, 1_000_000), growth("a", 2025, 2030, 100)], 2031);
    assert_eq!((line.basis, line.years_beyond), (ProjectionBasis::Extrapolated, 1));
    let back = only_line(&[size("a", 2030, 1_210_000), growth("a", 2020, 2030, 100)], 2028);
    assert_eq!((back.amount_usd, back.basis), (Decimal::from(1_000_000), ProjectionBasis::Interpolated));
}

#[test]
fn the_rate_for_the_years_comes_before_that_of_older_sizes() {
    let figures = [size("a", 2020, 1_000_000), size("a", 2022, 4_000_000), growth("a", 2022, 2030, 100)];
    assert_eq!(only_line(&figures, 2023).amount_usd, Decimal::from(4_400_000));
    assert_eq!(only_line(&figures[..2], 2023).amount_usd, Decimal::from(8_000_000));
}

#[test]
fn nothing_is_invented() {
    use ProjectionGapReason as R;
    assert_eq!(project(&[], 2025), Projection::default());
    assert_eq!(reason(&[size("a", 2025, 7)], 2026), R::OneSizeOnly);
    assert_eq!(reason(&[size("a", 2025, 7), growth("a", 2010, 2015, 50)], 2026), R::OneSizeOnly);
    assert_eq!(reason(&[growth("a", 2022, 2030, 236)], 2026), R::NoSize);
    let refuted = Figure { is_refuted: true, ..size("a", 2025, 7) };
    assert_eq!(reason(&[refuted], 2025), R::Refuted);
    assert_eq!(reason(&[size("a", 2020, 7_000), size("a", 2021, 7_000_000_000)], 2060), R::BeyondMeasure);
    assert_eq!(reason(&[size("a", 2020, 9_000), growth("a", 2020, 2022, -1_000)], 2021), R::BeyondMeasure);
}

#[test]
fn sources_are_never_mixed() {
    let figures = [size("a", 2020, 5), size("b", 2030, 50), growth("c", 2020, 2030, 100)];
    assert_eq!(project(&figures, 2025).gaps.len(), 3);
}

#[test]
fn a_source_that_contradicts_itself_is_believed_in_neither() {
    let twice = [size("a", 2025, 7_000), size("a", 2025, 9_000), growth("a", 2025, 2030, 100)];
    assert_eq!(reason(&twice, 2026), ProjectionGapReason::ContradictsItself);
    assert_eq!(project(&twice, 2025).lines.len(), 2, "what it states is shown, both of it");
    let rates = [size("a", 2025, 7_000), growth("a", 2025, 2030, 100), growth("a", 2025, 2030, 200)];
    assert_eq!(reason(&rates, 2026), ProjectionGapReason::ContradictsItself);
    let same = [size("a", 2025, 7_000), size("a", 2025, 7_000)];
    assert_eq!(only_line(&same, 2025).figures, [0, 1]);
}

#[test]
fn years_are_bounded() {
    assert!(year(1989).is_err() && year(2101).is_err() && year(i32::MIN).is_err());
    assert_eq!((year(1990), year(2100)), (Ok(1990), Ok(2100)));
}

fn figures() -> impl Strategy<Value = Vec<Figure>> {
    let source = (0..4u32).prop_map(|source| source.to_string());
    let one = (
        source,
        2000..2040i32,
        1_000_000..100_000_000_000i64,
        prop::option::of((1..20i32, -300..500i64)),
        any::<u8>(),
    );
    prop::collection::vec(one, 0..12).prop_map(|items| {
        let figure = |(source, year, amount, rate, odds): (String, i32, i64, Option<(i32, i64)>, u8)| {
            let figure = match rate {
                Some((years, tenths)) => growth(&source, year, year + years, tenths),
                None => size(&source, year, amount),
            };
            Figure { is_refuted: odds < 25, ..figure }
        };
        items.into_iter().map(figure).collect()
    })
}

fn scaled(figure: &Figure, factor: i32) -> Figure {
    match figure.quote {
        Quote::Size(MarketSize { year, amount_usd }) => {
            let amount_usd = amount_usd * Decimal::from(factor);
            Figure { quote: Quote::Size(MarketSize { year, amount_usd }), ..*figure }
        }
        Quote::Growth { .. } => *figure,
    }
}

proptest! {
    #[test]
    fn the_range_holds_every_line_and_every_source_is_named(figures in figures(), year in 1990..=2100i32) {
        let projection = project(&figures, year);
        for line in &projection.lines {
            prop_assert!(projection.low().unwrap() <= line.amount_usd && line.amount_usd <= projection.high().unwrap());
            let own = |place: &usize| figures[*place].source == line.source && !figures[*place].is_refuted;
            prop_assert!(!line.figures.is_empty() && line.figures.iter().all(own));
            prop_assert_eq!(line.basis == ProjectionBasis::Extrapolated, line.years_beyond > 0);
        }
        if let Some(middle) = projection.middle() {
            prop_assert!(projection.low().unwrap() <= middle && middle <= projection.high().unwrap());
            prop_assert!(projection.disagreement().unwrap() >= 1.0);
        }
        let told: std::collections::BTreeSet<_> = projection.lines.iter().map(|line| line.source).collect();
        let silent: std::collections::BTreeSet<_> = projection.gaps.iter().map(|gap| gap.source).collect();
        prop_assert!(told.is_disjoint(&silent));
        prop_assert!(figures.iter().all(|figure| told.contains(&figure.source) || silent.contains(&figure.source)));
    }

    #[test]
    fn a_stated_year_returns_the_stated_figure(figures in figures(), at in any::<prop::sample::Index>()) {
        prop_assume!(!figures.is_empty());
        let stated = at.get(&figures);
        let Quote::Size(size) = stated.quote else { return Ok(()) };
        prop_assume!(!stated.is_refuted);
        let projection = project(&figures, size.year);
        let own: Vec<&Line> = projection.lines.iter().filter(|line| line.source == stated.source).collect();
        prop_assert!(own.iter().all(|line| line.basis == ProjectionBasis::Stated));
        prop_assert!(own.iter().any(|line| line.amount_usd == size.amount_usd));
    }

    #[test]
    fn scaling_all_amounts_scales_the_projection(figures in figures(), year in 2000..2045i32, factor in 2..1_000i32) {
        let larger: Vec<Figure> = figures.iter().map(|figure| scaled(figure, factor)).collect();
        let (one, many) = (project(&figures, year), project(&larger, year));
        let comparable = |gap: &Gap| gap.reason != ProjectionGapReason::BeyondMeasure;
        prop_assume!(one.gaps.iter().all(comparable) && many.gaps.iter().all(comparable));
        prop_assert_eq!(one.lines.len(), many.lines.len());
        for (left, right) in one.lines.iter().zip(&many.lines) {
            let (left, right) = (left.amount_usd.to_f64().unwrap() * f64::from(factor), right.amount_usd.to_f64().unwrap());
            // Both are rounded to whole dollars.
            prop_assert!((left - right).abs() <= f64::from(factor) + right * 1e-9, "{left} {right}");
        }
    }

    #[test]
    fn another_source_changes_nothing_of_the_others(figures in figures(), year in 1990..=2100i32) {
        let more: Vec<Figure> = figures.iter().copied().chain([size("newcomer", 2020, 9_000_000)]).collect();
        let others: Vec<Line> = project(&more, year).lines.into_iter().filter(|line| line.source != Id::named("newcomer")).collect();
        prop_assert_eq!(others, project(&figures, year).lines);
    }
}
