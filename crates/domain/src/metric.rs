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
