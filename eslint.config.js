import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

import { MODE_EXEMPT, MODE_RULES } from './scripts/modeRules.mjs'

const DEFAULT_EXPORT = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name: one name per thing, everywhere.',
}
const OUTER_RELATIVE = {
  group: ['../*', '..'],
  message: 'Leave a folder by its alias (@/…), so that the dependency rules can be read off the import.',
}

/** Absent on a page over plain http. */
const SECURE_ONLY = [
  { object: 'crypto', property: 'randomUUID', message: 'Use newId of @/base/id.' },
  { object: 'crypto', property: 'subtle', message: 'Use @/base/sha256.' },
]

const BELOW_CANVAS =
  'base,families,schema,document,assets,layers,storage,offline,weights,onnx,backend,nets,samplers,text,pipelines,worker,conformance'

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'node_modules/',
      'public/',
      'training/',
      '.cache/',
      'test-results/',
      'playwright-report/',
    ],
  },
  {
    extends: [...tseslint.configs.strict],
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'prefer-const': 'error',
      'no-var': 'error',
      'no-eval': 'error',
      'no-new-func': 'error',
      'no-throw-literal': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
      // Numbers in numerical code are indexed where the loop's bounds say so; `!` documents that.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}', 'bench/**/*.ts', 'e2e/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', DEFAULT_EXPORT] },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: MODE_EXEMPT,
    rules: { 'no-restricted-syntax': ['error', DEFAULT_EXPORT, ...MODE_RULES] },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    rules: { 'no-restricted-imports': ['error', { patterns: [OUTER_RELATIVE] }] },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['**/*.test.{ts,tsx}'],
    rules: {
      'no-console': ['error', { allow: ['warn', 'error'] }],
      'no-restricted-properties': ['error', ...SECURE_ONLY],
    },
  },
  {
    // Everything below canvas runs in a worker, in node and in tests alike.
    files: [`src/{${BELOW_CANVAS}}/**/*.ts`],
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-globals': ['error', 'window', 'document'] },
  },
  {
    // The plugin's other rules are for code that the React compiler rewrites, which ours is not.
    files: ['src/**/*.tsx', 'src/ui/**/*.ts'],
    plugins: { 'react-hooks': reactHooks },
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },
)
