//! Metrics: measured figures with the conditions under which they hold.

use crate::code::codes;

codes! {
    /// What a metric measures.
    MetricKey as "metric" {
        /// Requests answered in a second by a benchmark; the conditions name load and machine.
        RequestsPerSecond,
        /// The time within which half of the requests of a benchmark were answered.
        MedianLatency,
        /// The time within which 99 of 100 requests of a benchmark were answered.
        P99Latency,
        /// Downloads of a package in a month.
        DownloadsPerMonth,
        /// The place of a package by downloads, from 1.
        DownloadRank,
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

impl MetricKey {
    /// Whether more is better. Nothing when the figure is neither good nor bad by itself.
    pub fn more_is_better(self) -> Option<bool> {
        match self {
            Self::RequestsPerSecond
            | Self::DownloadsPerMonth
            | Self::GithubStars
            | Self::GithubForks
            | Self::MarketShare
            | Self::AppStoreShare => Some(true),
            Self::MedianLatency | Self::P99Latency | Self::DownloadRank => Some(false),
            Self::SitesOperated => None,
        }
    }
}

/// What makes figures comparable: the beginning of the conditions, up to the first comma, names the load or the
/// registry. Figures of one metric and one source with the same beginning may be set against each other.
pub fn series(conditions: Option<&str>) -> &str {
    let conditions = conditions.unwrap_or_default();
    conditions.split([',', ';']).next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_load_or_the_registry_makes_figures_comparable() {
        assert_eq!(series(Some("64 connections, gin 1.11 in go; Linux")), "64 connections");
        assert_eq!(series(Some("npm, all versions; installs count")), "npm");
        assert_eq!(series(None), "");
    }
}
