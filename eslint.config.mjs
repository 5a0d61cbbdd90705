import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const nodeBuiltins = {
  regex:
    '^(node:.*|fs|path|crypto|os|http|https|net|child_process|events|stream|util|url|buffer|worker_threads)$',
  message: 'This runs in the workflow sandbox: no Node built-ins.',
};

/** The house's rules of style; who may import whom is dependency-cruiser's (.dependency-cruiser.cjs). */
export default tseslint.config(
  { ignores: ['node_modules/', '.data/', 'coverage/', '**/dist/', 'test/fixtures/'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', prefer: 'type-imports' },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/no-invalid-void-type': 'off',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
    },
  },
  {
    files: ['workflows/**/*.ts', 'domain/**/*.ts', 'policy/**/*.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [nodeBuiltins] }],
      'no-restricted-globals': ['error', 'process', 'Buffer', 'setTimeout', 'setInterval', 'Intl', 'fetch'],
    },
  },
  {
    files: ['domain/**/*.ts', 'policy/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'Date',
          property: 'now',
          message: 'The domain is clockless: take the moment as an argument.',
        },
        { object: 'Math', property: 'random', message: 'Rules are deterministic.' },
      ],
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: {
      globals: {
        module: 'writable',
        require: 'readonly',
        process: 'readonly',
        console: 'readonly',
        __dirname: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        setInterval: 'readonly',
      },
    },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    // Run by mongosh.
    files: ['docker/*.js'],
    languageOptions: { globals: { connect: 'readonly', print: 'readonly' } },
  },
);
