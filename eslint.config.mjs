import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['node_modules', '.data'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommended],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['rules/**', 'workflows/**', 'activities/**', 'templates/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Only worker/ reads the environment; pass the value in.',
        },
      ],
    },
  },
  {
    files: ['workflows/**'],
    rules: {
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: false }],
      'no-restricted-syntax': [
        'error',
        ...[
          'CatchClause :matches(CallExpression:not([callee.name="String"]), AwaitExpression, NewExpression[callee.name="Date"])',
          'TryStatement > BlockStatement.finalizer :matches(CallExpression, AwaitExpression, NewExpression[callee.name="Date"])',
        ].map((selector) => ({
          selector,
          message:
            'It may run in a workflow that was disposed of: make the failure a value first, with `attempt`.',
        })),
        {
          selector: 'CallExpression[callee.property.name=/^(catch|finally)$/]',
          message: 'Use `attempt`, or `inBackground` for what nobody waits for.',
        },
      ],
    },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: {
        require: 'readonly',
        module: 'writable',
        process: 'readonly',
        console: 'readonly',
        __dirname: 'readonly',
        __filename: 'readonly',
        setTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        clearTimeout: 'readonly',
        Buffer: 'readonly',
      },
    },
  },
);
