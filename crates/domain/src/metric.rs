//! Metrics: measured figures with the conditions under which they hold.

use crate::code::codes;

codes! {
    /// What a metric measures.
    MetricKey as "metric" {
        /// Stars of the main repository on GitHub.
        GithubStars,
        /// Forks of the main repository on GitHub.
        GithubForks,
        /// Share of a market, in per cent; the conditions name the market.
        MarketShare,
        /// Share of the applications in an app store, in per cent.
        AppStoreShare,
        /// Number of physical sites that an organisation operates.
        SitesOperated,
    }
}
