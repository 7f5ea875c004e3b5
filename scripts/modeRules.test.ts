import { ESLint } from 'eslint'
import tseslint from 'typescript-eslint'
import { describe, expect, it } from 'vitest'

import { MODE_EXEMPT, MODE_RULES, MODES } from './modeRules.mjs'

const lint = new ESLint({
  overrideConfigFile: true,
  overrideConfig: [
    {
      files: ['src/**/*.{ts,tsx}'],
      ignores: MODE_EXEMPT,
      languageOptions: { parser: tseslint.parser },
      rules: { 'no-restricted-syntax': ['error', ...MODE_RULES] },
    },
  ],
})

/** How often the rules are broken. */
async function faults(code: string, filePath = 'src/ui/sample.ts'): Promise<number> {
  const [result] = await lint.lintText(code, { filePath })
  return result?.messages.filter(({ ruleId }) => ruleId === 'no-restricted-syntax').length ?? 0
}

describe('lint', () => {
  it('knows the modes', () => {
    expect(MODES).toEqual(expect.arrayContaining(['place', 'compose', 'align']))
  })

  it.each([
    "if (doc.mode === 'align') run()",
    "const placing = 'place' !== mode",
    "const made = one.recipe.mode == 'compose' ? 1 : 2",
    'switch (recipe.mode) { default: run() }',
    'switch (mode) { default: run() }',
    "switch (kind) { case 'compose': run() }",
    "const flux = ['place', 'compose'].includes(doc.mode)",
    "const staged = stagedIn(state, 'align')",
    'const words: Record<Mode, string> = ALL',
    'type Words = { [M in Mode]: string }',
    "const words = { place: 'Place', compose: 'Compose', align: 'Align' }[mode]",
  ])('refuses %s', async (code) => {
    expect(await faults(code)).toBeGreaterThan(0)
  })

  it.each([
    'const { name } = modeOf(doc)',
    "if (affine.mode === 'exact') run()",
    'if (staged.recipe.mode !== doc.mode) discard()',
    "setMode(store, 'place')",
    'const byHash: Record<string, Mode> = {}',
  ])('lets %s be', async (code) => {
    expect(await faults(code)).toBe(0)
  })

  it.each([
    'src/ui/modes.ts',
    'src/app/align/mode.ts',
    'src/pipelines/compose/compose.ts',
    'src/schema/modes/place.ts',
    'src/cli/fuse.ts',
    'src/ui/sample.test.ts',
  ])('leaves %s alone', async (path) => {
    expect(await faults("if (mode === 'place') run()", path)).toBe(0)
  })
})
