import a11y from 'eslint-plugin-jsx-a11y';
import hooks from 'eslint-plugin-react-hooks';
import ts from 'typescript-eslint';

export default ts.config(
  { ignores: ['dist', 'node_modules', 'src/api/schema.ts'] },
  {
    files: ['src/**/*.{ts,tsx}'],
    extends: [ts.configs.base, a11y.flatConfigs.recommended, hooks.configs.flat['recommended-latest']],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      eqeqeq: 'error',
      'no-console': 'error',
      // It measures by writing a style attribute, which the content security policy refuses; CSS grows the field.
      'no-restricted-syntax': ['error', { selector: "JSXAttribute[name.name='autoSize']", message: 'Use field-sizing in CSS; see theme/base.css.' }],
      'no-restricted-globals': ['error', { name: 'fetch', message: 'Ask through api/client.ts.' }],
    },
  },
  {
    // The tag stands on pages of others: it sends by itself and speaks through their console.
    files: ['tag/**/*.ts'],
    extends: [ts.configs.base],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      eqeqeq: 'error',
      'no-eval': 'error',
      'no-new-func': 'error',
    },
  },
);
