import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: '../../schema/schema.graphql',
  documents: 'src/*.graphql',
  generates: {
    'src/gql/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        scalars: { Date: 'string', DateTime: 'string', Decimal: 'string', URL: 'string', _Any: 'unknown' },
        strictScalars: true,
        useTypeImports: true,
      },
    },
    'src/gql/possible-types.ts': { plugins: ['fragment-matcher'], config: { apolloClientVersion: 3 } },
  },
};

export default config;
