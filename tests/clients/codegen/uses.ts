// What an application in TypeScript does with our operations: right uses compile, and wrong ones do not.
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { graphql, useFragment } from './gql';
import {
  ArgumentFragmentDoc,
  CaseStudiesWithALowerBudgetDocument,
  FrameworksWithProsAndConsDocument,
  HealthFragmentDoc,
  IsTheMarketGrowthConsistentDocument,
  OptionsThatAreNoBackendFrameworksDocument,
  RecommendationFragmentDoc,
  WhatIsOutOfSupportDocument,
  WhatSuitsTelecomDocument,
  WhatTheCatalogueHoldsDocument,
} from './gql/graphql';

declare function ask<Result, Variables>(document: TypedDocumentNode<Result, Variables>, variables: Variables): Promise<Result>;

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function is<_Proof extends true>(): void;

export async function numbers() {
  const { catalogue } = await ask(WhatTheCatalogueHoldsDocument, {});
  is<Same<typeof catalogue.counts.facts, number>>();
  is<Same<typeof catalogue.licence, string>>();
  // @ts-expect-error: there is no such field.
  catalogue.license;
  // @ts-expect-error: it was not asked for.
  catalogue.counts.changes;
  // @ts-expect-error: it takes no variables.
  await ask(WhatTheCatalogueHoldsDocument, { first: 5 });
}

export async function decimals() {
  const { market } = await ask(IsTheMarketGrowthConsistentDocument, {});
  // @ts-expect-error: there may be no such market.
  market.growthChecks;
  if (!market) return;
  is<Same<typeof market.impliedCagr, number | null>>();
  for (const { isConsistent, from } of market.growthChecks) {
    is<Same<typeof isConsistent, boolean>>();
    is<Same<typeof from.amountUsd, string | null>>();
    // @ts-expect-error: an exact decimal number is a text.
    from.amountUsd = 5.7;
  }
}

export async function enums() {
  const { fitRules } = await ask(WhatSuitsTelecomDocument, { useCase: 'TELECOM' });
  const [rule] = fitRules;
  if (rule?.verdict === 'CONTRADICTED') return;
  // @ts-expect-error: no verdict is called so.
  if (rule?.verdict === 'FALSE') return;
  // @ts-expect-error: no use case is called so.
  await ask(WhatSuitsTelecomDocument, { useCase: 'TELEGRAPHY' });
  // @ts-expect-error: the use case must be given.
  await ask(WhatSuitsTelecomDocument, {});
}

export async function fragments() {
  const { frameworks } = await ask(FrameworksWithProsAndConsDocument, { first: 5 });
  is<Same<typeof frameworks.pageInfo.endCursor, string | null>>();
  for (const framework of frameworks.nodes) {
    // @ts-expect-error: what a fragment asks for is seen through the fragment only.
    framework.pros[0]?.title;
    for (const pro of useFragment(ArgumentFragmentDoc, framework.pros)) {
      is<Same<typeof pro.title, string | null>>();
      is<Same<(typeof pro.citations)[number]['source']['title'], string>>();
    }
  }
}

export async function interfaces() {
  const { web } = await ask(OptionsThatAreNoBackendFrameworksDocument, {});
  const recommendation = useFragment(RecommendationFragmentDoc, web);
  is<Same<NonNullable<typeof recommendation>['statement'], string>>();
  // @ts-expect-error: not every fact is a listing.
  recommendation?.entries;
  if (recommendation && 'entries' in recommendation) {
    is<Same<(typeof recommendation.entries)[number]['technologies'][number]['name'], string>>();
  }
}

export async function dates() {
  await ask(WhatIsOutOfSupportDocument, {});
  const { rails } = await ask(WhatIsOutOfSupportDocument, { on: '2026-11-23' });
  const health = useFragment(HealthFragmentDoc, rails?.supportHealth);
  const ended = health?.currentCycle?.endedOn;
  is<Same<typeof ended, string | null | undefined>>();
  // @ts-expect-error: a date is a text.
  await ask(WhatIsOutOfSupportDocument, { on: 20261123 });
}

export async function lists() {
  const { caseStudies } = await ask(CaseStudiesWithALowerBudgetDocument, {});
  is<Same<(typeof caseStudies.nodes)[number]['outcomes'][number]['confidence'], number>>();
  // @ts-expect-error: a page has nodes.
  caseStudies.map((study) => study);
}

// @ts-expect-error: only documents that were generated are known.
export const unknown: TypedDocumentNode<{ nothing: string }, never> = graphql('query Unknown { nothing }');
