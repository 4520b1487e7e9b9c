// From the operations in src/dashboard/operations and the gateway's own schema to types: `npm run generate` writes them, and
// `npm run check` fails when what is checked in is not what would be written.
import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  // Named by a variable where the pages are checked in a copy.
  schema: process.env['SCHEMA'] ?? '../../schema.graphql',
  documents: 'src/dashboard/operations/*.graphql',
  generates: {
    'src/dashboard/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        // Only what the operations use: a change elsewhere in the schema is none of this page's business.
        onlyOperationTypes: true,
        scalars: { DateTime: 'string', Date: 'string', JSON: 'unknown' },
        enumsAsTypes: true,
        useTypeImports: true,
        skipTypename: true,
        strictScalars: true,
      },
    },
  },
};

export default config;
