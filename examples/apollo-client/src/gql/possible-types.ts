
      export interface PossibleTypesResultData {
        possibleTypes: {
          [key: string]: string[]
        }
      }
      const result: PossibleTypesResultData = {
  "possibleTypes": {
    "ComparisonResult": [
      "Comparison",
      "InvalidInput",
      "NotComparable"
    ],
    "Fact": [
      "Adoption",
      "Attribute",
      "CapabilitySupport",
      "FitRule",
      "Listing",
      "LockInEvidence",
      "MarketFigure",
      "Metric",
      "MigrationPath",
      "Outcome",
      "Price",
      "PricePlan",
      "ReleaseCycle",
      "Statement",
      "Trait"
    ],
    "FactSubject": [
      "BaasProvider",
      "CaseStudy",
      "Checklist",
      "Component",
      "Framework",
      "Organization",
      "SelectionCriterion",
      "Source",
      "Term"
    ],
    "Node": [
      "Adoption",
      "Attribute",
      "BaasProvider",
      "CapabilitySupport",
      "CaseStudy",
      "Change",
      "Checklist",
      "Component",
      "FitRule",
      "Framework",
      "Listing",
      "LockInEvidence",
      "MarketFigure",
      "Metric",
      "MigrationPath",
      "Organization",
      "Outcome",
      "Price",
      "PricePlan",
      "ReleaseCycle",
      "SelectionCriterion",
      "Source",
      "Statement",
      "Term",
      "Trait"
    ],
    "RecommendationResult": [
      "InvalidInput",
      "NoFeasibleOption",
      "Recommendation"
    ],
    "Technology": [
      "BaasProvider",
      "Component",
      "Framework"
    ],
    "_Entity": [
      "Adoption",
      "Attribute",
      "BaasProvider",
      "CapabilitySupport",
      "CaseStudy",
      "Change",
      "Checklist",
      "Component",
      "FitRule",
      "Framework",
      "Listing",
      "LockInEvidence",
      "MarketFigure",
      "Metric",
      "MigrationPath",
      "Organization",
      "Outcome",
      "Price",
      "PricePlan",
      "ReleaseCycle",
      "SelectionCriterion",
      "Source",
      "Statement",
      "Term",
      "Trait"
    ]
  }
};
      export default result;
    