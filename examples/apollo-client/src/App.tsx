import { useQuery, useSubscription } from '@apollo/client/react';
import { useState } from 'react';
import { CatalogueChangedDocument, FrameworksDocument } from './gql/graphql';
import type { CatalogueChangedSubscription } from './gql/graphql';

type Change = CatalogueChangedSubscription['catalogueChanged'];

export function App() {
  const { data, error, fetchMore } = useQuery(FrameworksDocument, { variables: { first: 10 } });
  if (error) return <p role="alert">{error.message}</p>;
  if (!data) return <p>Loading …</p>;
  const { edges, pageInfo, totalCount } = data.frameworks;
  return (
    <>
      <Changes revision={data.catalogue.revision} />
      <h1>
        {edges.length} of {totalCount} frameworks
      </h1>
      <ul>
        {edges.map(({ node }) => (
          <li key={node.id}>
            <b>{node.name}</b> {node.summary}
          </li>
        ))}
      </ul>
      {pageInfo.hasNextPage && (
        <button onClick={() => fetchMore({ variables: { after: pageInfo.endCursor } })}>More</button>
      )}
    </>
  );
}

// A change brings the thing as it is now. It goes into the cache, so the list above shows it without more ado.
function Changes({ revision }: { revision: number }) {
  const [after] = useState(revision);
  const [changes, setChanges] = useState<Change[]>([]);
  const { error } = useSubscription(CatalogueChangedDocument, {
    variables: { after },
    onData: ({ data: { data } }) => {
      if (data) setChanges((earlier) => [data.catalogueChanged, ...earlier].slice(0, 10));
    },
  });
  if (error) return <p role="alert">{error.message}</p>;
  return (
    <ol aria-live="polite">
      {changes.map(({ id, kind, revision, subject }) => (
        <li key={id}>
          {revision}: {kind} {subject && 'name' in subject && subject.name}
        </li>
      ))}
    </ol>
  );
}
