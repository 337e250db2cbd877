use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use uuid::Uuid;

use super::{
    document::{Document, Place, SearchKind, SearchText, places},
    highlight::highlights,
    *,
};

fn thing(scope: SearchScope, texts: &[(SearchField, &str)]) -> Document {
    let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{texts:?}").as_bytes());
    let texts = texts.iter().map(|(field, text)| SearchText(*field, (*text).to_owned())).collect();
    Document { scope, id, kind: SearchKind::None, archived: false, refuted: false, texts }
}

fn technology(name: &str, summary: &str) -> Document {
    thing(SearchScope::Technologies, &[(SearchField::Name, name), (SearchField::Summary, summary)])
}

fn fact(title: &str, statement: &str) -> Document {
    thing(SearchScope::Facts, &[(SearchField::Title, title), (SearchField::Statement, statement)])
}

fn vocabulary(documents: &[Document]) -> Vec<VocabularyWord> {
    let mut words: BTreeMap<String, (i64, i64, i64)> = BTreeMap::new();
    for document in documents {
        for (word, place) in places(document.scope, &document.texts) {
            let counts = words.entry(word).or_default();
            counts.0 += i64::from(place == Place::Name);
            counts.1 += i64::from(place <= Place::Title);
            counts.2 += 1;
        }
    }
    words
        .into_iter()
        .map(|(word, (names, titles, documents))| VocabularyWord { word, names, titles, documents })
        .collect()
}

/// The tiers of all documents that a query finds: what a database answers.
fn search(documents: &[Document], query: &str) -> Vec<(Tier, usize)> {
    let meant = Interpretation::new(Query::parse(query).unwrap(), &vocabulary(documents));
    let restriction = Restriction::default();
    let mut found = Vec::new();
    for step in meant.steps() {
        let expression = restriction.apply(step.expression.clone());
        let of_step =
            documents.iter().enumerate().filter(|(_, document)| expression.holds(&document.marks()));
        let of_step: Vec<usize> = of_step.map(|(at, _)| at).collect();
        assert!(i64::try_from(of_step.len()).unwrap() <= step.at_most, "{query}: {step:?}");
        found.extend(of_step.into_iter().map(|at| (step.tier, at)));
    }
    if let (true, Some(step)) = (found.is_empty(), meant.fallback()) {
        let expression = restriction.apply(step.expression);
        let of_step =
            documents.iter().enumerate().filter(|(_, document)| expression.holds(&document.marks()));
        found.extend(of_step.map(|(at, _)| (step.tier, at)));
    }
    found
}

fn spellings(meant: &Interpretation) -> Vec<String> {
    meant.suggestions().into_iter().map(|(spelling, _)| spelling).collect()
}

#[test]
fn each_way_of_being_found_is_a_tier() {
    use Tier as T;
    let documents = [
        technology("Django", "A framework."),
        technology("Django REST framework", "For APIs."),
        technology("Wagtail for Django", "A CMS."),
        fact("Django is fast", "It is said."),
        fact("Speed", "They measured Django and others."),
        technology("PostgreSQL", "A database."),
        fact("Frameworks", "There are many frameworks."),
    ];
    let all = [T::Exact, T::BeginsSame, T::NameSame, T::TitleSame, T::TextSame];
    let beginnings = [T::BeginsForm, T::BeginsForm, T::NameForm, T::TitleForm, T::TextForm];
    let misspelled = [T::NameNear, T::NameNear, T::NameNear, T::TitleNear, T::TextNear];
    // The first five documents, each in its tier.
    let five = |tiers: [Tier; 5]| -> Vec<(Tier, usize)> { tiers.into_iter().zip(0..).collect() };
    for (query, expected) in [
        ("django", five(all)),
        ("DJANGO!", five(all)),
        ("djan", five(beginnings)),
        ("djngo", five(misspelled)),
        ("django zebra", five([T::AllButOne; 5])),
        ("postgre", vec![(T::BeginsForm, 5)]),
        ("postgersql", vec![(T::NameNear, 5)]),
        ("frameworks", vec![(T::NameForm, 1), (T::TitleSame, 6), (T::TextForm, 0)]),
        ("django measure", vec![(T::TextForm, 4)]),
        ("the django framework", vec![(T::BeginsSame, 1), (T::TextSame, 0)]),
        ("zebra", vec![]),
    ] {
        assert_eq!(search(&documents, query), expected, "{query}");
    }
}

#[test]
fn a_usual_word_is_not_taken_for_a_misspelling() {
    let mut documents = vec![technology("Nesting", "Something else."), fact("Tests", "Testing is good.")];
    documents.push(fact("More", "Testing again."));
    let meant = Interpretation::new(Query::parse("testing").unwrap(), &vocabulary(&documents));
    assert_eq!(spellings(&meant), Vec::<String>::new());
    let meant = Interpretation::new(Query::parse("nestign").unwrap(), &vocabulary(&documents));
    assert_eq!(spellings(&meant), ["nesting"]);
    let cases = vocabulary(&[fact("Case", "A case.")]);
    let meant = Interpretation::new(Query::parse("café").unwrap(), &cases);
    assert_eq!(spellings(&meant), Vec::<String>::new(), "a short word is like too many others");
    let known =
        [fact("x", "discus"), technology("Disqus", ""), fact("y", "disqus"), fact("z", "discos and discos")];
    let meant = Interpretation::new(Query::parse("discus").unwrap(), &vocabulary(&known));
    assert_eq!(spellings(&meant), ["disqus"], "a word that is known may be one letter away from a name");
}

#[test]
fn what_cannot_be_searched_for_is_refused() {
    let long = "x".repeat(10_000);
    let many = (0..40).map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ");
    for query in ["", "  ", "!?", "\"", "a\0b", "🦀", long.as_str(), many.as_str()] {
        let error = Query::parse(query).unwrap_err().to_string();
        assert!(error.starts_with("query: "), "{error}");
    }
    assert_eq!(Query::parse("the of").unwrap().words, ["the", "of"]);
    assert_eq!(Query::parse("What is the best of C#?").unwrap().words, ["best", "c#"]);
}

#[test]
fn restrictions_leave_out_what_does_not_pass() {
    let mut archived = technology("Old", "");
    archived.archived = true;
    let mark = |document: &Document| Expression::Mark(document.marks().into_iter().next().unwrap());
    let passes = |document: &Document, restriction: &Restriction| {
        restriction.apply(mark(document)).holds(&document.marks())
    };
    assert!(!passes(&archived, &Restriction::default()));
    assert!(passes(&archived, &Restriction { archived: true, ..Restriction::default() }));
    let current = fact("x", "y");
    assert!(!passes(&current, &Restriction { archived: true, ..Restriction::default() }));
    let terms = Restriction { scopes: Some(vec![SearchScope::Terms]), ..Restriction::default() };
    assert!(!passes(&current, &terms));
    let mut claim = fact("x", "y");
    claim.kind = SearchKind::Fact(FactKind::Claim);
    let kinds =
        |kinds: &[FactKind]| Restriction { fact_kinds: Some(kinds.to_vec()), ..Restriction::default() };
    assert!(passes(&claim, &kinds(&[FactKind::Claim, FactKind::Pro])));
    assert!(!passes(&claim, &kinds(&[FactKind::Pro])));
    assert!(
        kinds(&[]).is_empty() && !kinds(&[FactKind::Pro]).is_empty() && !Restriction::default().is_empty()
    );
}

#[test]
fn highlights_mark_what_fits_and_keep_the_rest() {
    let documents =
        [technology("Node.js", "Runs JavaScript, also as nodejs."), technology("NodeBB", "A forum.")];
    let meant = Interpretation::new(Query::parse("node js").unwrap(), &vocabulary(&documents));
    let found = highlights(&meant, &documents[0].texts);
    let matches: Vec<&str> = found
        .iter()
        .flat_map(|highlight| &highlight.fragments)
        .filter(|part| part.is_match)
        .map(|part| part.text.as_str())
        .collect();
    assert_eq!(matches, ["Node.js", "nodejs"]);
    for (highlight, SearchText(_, text)) in found.iter().zip(&documents[0].texts) {
        let whole: String = highlight.fragments.iter().map(|part| part.text.as_str()).collect();
        assert_eq!(&whole, text);
    }
}

#[test]
fn numbers_order_by_scope_then_by_short_names() {
    let short = technology("Zed", "").number();
    assert!(short < technology("Alpha beta", "").number());
    assert!(technology("Alpha", "").number() < short);
    let term = thing(SearchScope::Terms, &[(SearchField::Name, "Alpha")]);
    assert!(short < term.number());
    let mut refuted = fact("x", "y");
    let stands = refuted.number();
    refuted.refuted = true;
    assert!(stands < refuted.number());
}

#[test]
fn scores_fall_with_tiers_and_numbers_lead_back() {
    assert!(Tier::ALL.is_sorted());
    assert!(Tier::ALL.windows(2).all(|pair| pair[0].score() > pair[1].score()));
    for tier in Tier::ALL {
        assert_eq!(Tier::from_number(tier.number()), Some(tier));
    }
    assert_eq!(Tier::from_number(-1), None);
    assert_eq!(Tier::from_number(99), None);
}

fn words_of_few() -> impl Strategy<Value = String> {
    proptest::collection::vec("(abcd|abce|abcdef|xbcd|running|runs|c#|of)", 1..4)
        .prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn each_thing_is_found_in_one_tier_and_the_whole_is_all_of_them(
        names in proptest::collection::vec((words_of_few(), words_of_few(), words_of_few()), 1..8),
        query in words_of_few(),
    ) {
        let documents: Vec<Document> = names
            .iter()
            .map(|(name, title, text)| thing(SearchScope::Technologies, &[
                (SearchField::Name, name), (SearchField::Title, title), (SearchField::Statement, text),
            ]))
            .collect();
        let meant = Interpretation::new(Query::parse(&query).unwrap(), &vocabulary(&documents));
        let found = search(&documents, &query);
        let mut places: Vec<usize> = found.iter().map(|(_, at)| *at).collect();
        prop_assert!(found.is_sorted_by_key(|(tier, _)| *tier));
        places.sort_unstable();
        let once: BTreeSet<usize> = places.iter().copied().collect();
        prop_assert_eq!(places.len(), once.len(), "{:?}", found);
        if found.iter().all(|(tier, _)| *tier != Tier::AllButOne) {
            let whole = meant.whole();
            let all: BTreeSet<usize> = documents
                .iter()
                .enumerate()
                .filter(|(_, document)| whole.holds(&document.marks()))
                .map(|(at, _)| at)
                .collect();
            prop_assert_eq!(once, all);
        }
    }

    #[test]
    fn one_slip_in_a_name_still_finds_it(word in "[b-y]{5,12}", at in 0_usize..12, kind in 0..4, letter in "[a-z]") {
        let mut letters: Vec<char> = word.chars().collect();
        let at = at % (letters.len() - 1);
        let other = letter.chars().next().unwrap();
        match kind {
            0 => { letters.remove(at); }
            1 => letters.insert(at, other),
            2 => letters[at] = other,
            _ => letters.swap(at, at + 1),
        }
        let typed: String = letters.into_iter().collect();
        let documents = [technology(&word, "")];
        prop_assert_eq!(search(&documents, &typed).len(), 1, "{}", typed);
        // The word is among those that a database is asked for.
        if typed != word && !word.starts_with(&typed) && words::stem(&typed) != words::stem(&word) {
            let anchors = anchors(&typed).unwrap();
            let begins = word.starts_with(&anchors.beginning);
            prop_assert!(begins || word.ends_with(&anchors.end), "{}", typed);
            prop_assert!((anchors.length.0..=anchors.length.1).contains(&word.len()));
        }
    }

    #[test]
    fn any_text_is_a_query_or_an_error_of_it(text in any::<String>()) {
        match Query::parse(&text) {
            Ok(query) => {
                let meant = Interpretation::new(query, &[]);
                prop_assert_eq!(meant.steps().len(), 1, "of words that nothing has, only the whole remains");
            }
            Err(error) => prop_assert!(error.to_string().starts_with("query: ")),
        }
    }

    #[test]
    fn parts_of_a_highlight_are_the_whole_text(text in ".{0,60}", query in "[a-c]{1,3}") {
        let documents = [fact("abc", &text)];
        let meant = Interpretation::new(Query::parse(&query).unwrap(), &vocabulary(&documents));
        for highlight in highlights(&meant, &documents[0].texts) {
            let whole: String = highlight.fragments.iter().map(|part| part.text.as_str()).collect();
            prop_assert!(documents[0].texts.iter().any(|SearchText(_, text)| *text == whole));
        }
    }
}
