//! Explanations: what a contribution rests on, in a sentence.

use crate::{
    assessment::{Ground, Item},
    code::Code,
    dossier::Dossiers,
};

/// The most grounds that one explanation tells; the others are counted.
const MAX_GROUNDS: usize = 4;

/// Tells what moves a contribution, the most first.
pub(super) fn explain(dossiers: &Dossiers, items: &[&Item<'_>]) -> String {
    let (said, grounds): (Vec<&Item<'_>>, Vec<&Item<'_>>) =
        items.iter().partition(|item| item.ground == Ground::Said);
    let mut parts: Vec<String> =
        grounds.iter().take(MAX_GROUNDS).map(|item| ground(dossiers, item)).collect();
    if grounds.len() > MAX_GROUNDS {
        parts.push(format!("{} more", grounds.len() - MAX_GROUNDS));
    }
    let against = said.iter().filter(|item| item.direction < 0.0).count();
    let pro = said.len() - against;
    if pro > 0 {
        parts.push(format!("{pro} said for it"));
    }
    if against > 0 {
        parts.push(format!("{against} said against it"));
    }
    let mut text = parts.join("; ");
    text.push('.');
    text[..1].make_ascii_uppercase();
    text
}

fn ground(dossiers: &Dossiers, item: &Item<'_>) -> String {
    let Item { direction, .. } = item;
    let advised = if *direction < 0.0 { "advised against" } else { "recommended" };
    match item.ground {
        Ground::Said => String::new(),
        Ground::Provides(capability) if *direction < 0.0 => format!("lacks {}", capability.code()),
        Ground::Provides(capability) => format!("provides {} ({direction:+.1})", capability.code()),
        Ground::Fits(use_case) => format!("{advised} for {}", use_case.code()),
        Ground::FitsThrough(use_case, through) => {
            format!("{} is {advised} for {}", dossiers.name(through), use_case.code())
        }
        Ground::FitsTeam(language) => format!("{advised} for teams that know {}", dossiers.name(language)),
        Ground::Known(language) => {
            format!("how well the team knows {}: {direction:+.2}", dossiers.name(language))
        }
        Ground::RunsOn(platform) => format!("serves {}", platform.code()),
        Ground::ServesAll => "things of its kind serve clients on any platform".to_owned(),
        Ground::Measured(key) => {
            format!("place among comparable figures of {}: {direction:+.2}", key.code())
        }
        Ground::Supported if *direction < 0.0 => "support has ended".to_owned(),
        Ground::Supported => {
            format!("security fixes are declared for {:.0} % of the years ahead", direction * 100.0)
        }
        Ground::Binds(dimension) if *direction < 0.0 => format!("{} binds", dimension.code()),
        Ground::Binds(dimension) if *direction > 0.0 => format!("{} eases leaving", dimension.code()),
        Ground::Binds(dimension) => format!("{} binds and eases leaving", dimension.code()),
    }
}
