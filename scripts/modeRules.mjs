// Nothing outside the registries and the modes' own folders asks which mode it is (docs/adding-a-mode.md): what differs
// between modes stands in their records. These are the patterns that lint refuses.
import { readFileSync } from 'node:fs'

const REGISTRY = new URL('../src/schema/modes.ts', import.meta.url)

/** The modes, as their first registry names them. */
export const MODES = [...readFileSync(REGISTRY, 'utf8').matchAll(/^ {2}(\w+): \{ recipe: /gm)].map(
  ([, mode]) => mode,
)
if (MODES.length < 2)
  throw new Error('src/schema/modes.ts lists its modes otherwise than this rule reads them')

const message =
  'Do not ask for the mode: give the modes’ records what differs, and call it (docs/adding-a-mode.md).'
const literal = `Literal[value=/^(${MODES.join('|')})$/]`

/** For `no-restricted-syntax`. */
export const MODE_RULES = [
  // mode === 'place', in whatever way it is written
  `BinaryExpression[operator=/^[!=]==?$/] > ${literal}`,
  `SwitchCase > ${literal}`,
  `SwitchStatement[discriminant.property.name='mode']`,
  `SwitchStatement[discriminant.name='mode']`,
  `CallExpression[callee.property.name=/^(includes|indexOf|has)$/] ArrayExpression > ${literal}`,
  `CallExpression[callee.name=/^(stagedIn|stepIn)$/] > ${literal}`,
  // A table by mode is a registry, and those are few.
  `TSTypeReference[typeName.name='Record'] > TSTypeParameterInstantiation > TSTypeReference[typeName.name='Mode']:first-child`,
  `TSMappedType[constraint.typeName.name='Mode']`,
  `ObjectExpression:has(> Property[key.name='${MODES[0]}']):has(> Property[key.name='${MODES[1]}'])`,
].map((selector) => ({ selector, message }))

/** Where the modes' records are, and what looks at modes from outside. */
export const MODE_EXEMPT = [
  'src/*/modes.ts',
  'src/ui/modeServices.ts',
  `src/{schema/modes,document,pipelines,app,ui}/{${MODES.join(',')}}{/**,.ts}`,
  'src/{cli,conformance}/**',
  // What pages call: a method for each.
  'src/engine/createEngine.ts',
  '**/*.test.{ts,tsx}',
]
