// eslint-disable-next-line @typescript-eslint/no-require-imports -- dependency-cruiser reads CommonJS
const { readdirSync } = require('node:fs')

/**
 * The house's arrows: which folder of src/ may import which (the map in docs/architecture.md).
 * A folder may always import itself. Arrows go down the table only.
 */
const ARROWS = {
  base: [],
  // What the page says, in every language.
  words: [],
  // Records of the model families: data, and functions of headers.
  families: ['base'],
  schema: ['base', 'families'],
  document: ['base', 'families', 'schema'],
  assets: ['base', 'schema'],
  layers: ['base', 'assets'],
  project: ['base', 'schema', 'document', 'assets'],
  storage: ['base', 'schema'],
  offline: ['base', 'storage'],
  // onnx says what a linear is (format, chunks); weights fill it in.
  weights: ['base', 'families', 'schema', 'storage', 'onnx'],
  onnx: ['base'],
  backend: ['base', 'onnx'],
  nets: ['backend', 'onnx', 'weights', 'families', 'schema', 'base'],
  samplers: ['base'],
  text: ['base', 'families', 'schema'],
  pipelines: [
    'layers',
    'nets',
    'backend',
    'samplers',
    'weights',
    'assets',
    'text',
    'families',
    'schema',
    'base',
  ],
  worker: ['pipelines', 'backend', 'weights', 'storage', 'text', 'families', 'schema', 'base'],
  // Both read the document, whose types are the schema's; the handles of light lie in the layers' world.
  canvas: ['document', 'layers', 'assets', 'schema', 'words', 'base'],
  ui: ['document', 'canvas', 'families', 'schema', 'words', 'base'],
}

/** Stand beside the worker and see everything that it is made of. */
const ENGINE = ['worker', ...ARROWS.worker, 'nets', 'samplers', 'assets', 'onnx']
ARROWS.conformance = ENGINE
/** Fuses documents for pages without a studio; the studio's own client is its, too. */
ARROWS.engine = ['worker', 'document', 'project', 'assets', 'families', 'schema', 'base']
ARROWS.cli = [...ENGINE, 'engine', 'layers', 'conformance', 'document', 'project']

/** The page's folders and their single way to the GPU. */
const PAGE = ['canvas', 'ui']
const PROTOCOL = '^src/worker/protocol\\.ts$'

const folder = (names) => `^src/(${names.join('|')})/`
const below = Object.keys(ARROWS).filter((name) => !PAGE.includes(name))

const arrows = Object.entries(ARROWS).map(([name, allowed]) => ({
  name: `arrows-of-${name}`,
  comment: `src/${name} may import: ${allowed.join(', ') || 'nothing else in src'}${PAGE.includes(name) ? ', worker/protocol' : ''}`,
  severity: 'error',
  from: { path: folder([name]) },
  to: {
    path: '^src/',
    pathNot: [folder([name, ...allowed]), ...(PAGE.includes(name) ? [PROTOCOL] : [])],
  },
}))

/** Folders of `pipelines` that are no modes. */
const SHARED_BY_MODES = { shared: [], flux: ['shared'], flux2: ['shared'], painter: ['shared'], fixtures: [] }
const modes = readdirSync('src/pipelines', { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !(entry.name in SHARED_BY_MODES))
  .map(({ name }) => name)

/** The same inside folders of several: modes know what all of them share, never each other. Tests may look around. */
const INNER_ARROWS = {
  pipelines: {
    ...SHARED_BY_MODES,
    ...Object.fromEntries(modes.map((mode) => [mode, ['flux', 'flux2', 'painter', 'shared']])),
  },
}
const innerArrows = Object.entries(INNER_ARROWS).flatMap(([parent, folders]) =>
  Object.entries(folders).map(([name, allowed]) => ({
    name: `arrows-of-${parent}-${name}`,
    comment: `src/${parent}/${name} may import from its neighbours: ${allowed.join(', ') || 'nothing'}`,
    severity: 'error',
    from: { path: `^src/${parent}/${name}/`, pathNot: '\\.test\\.tsx?$' },
    to: { path: `^src/${parent}/[^/]+/`, pathNot: `^src/${parent}/(${[name, ...allowed].join('|')})/` },
  })),
)

module.exports = {
  forbidden: [
    ...arrows,
    ...innerArrows,
    {
      name: 'app-reaches-the-gpu-through-the-protocol',
      severity: 'error',
      from: { path: folder(['app']) },
      to: { path: folder(['backend', 'nets', 'pipelines', 'onnx', 'samplers', 'conformance', 'cli']) },
    },
    {
      name: 'no-page-libraries-below-canvas',
      comment: 'Nothing below canvas knows of React or Konva.',
      severity: 'error',
      from: { path: folder(below) },
      to: { path: 'node_modules/(react|react-dom|lucide-react|konva)/' },
    },
    {
      name: 'no-tests-in-the-house',
      comment: 'Only tests import tests, and only they use development packages.',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '\\.test\\.tsx?$|node_modules/(vitest|@vitest|fast-check|playwright|@playwright)/' },
    },
    {
      name: 'no-cycles',
      comment: 'Not even of types: two files that need each other are one, or share a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'nothing-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '\\?(raw|url|worker|inline)$|^virtual:|^@shaders/' },
    },
    {
      name: 'known-folders-only',
      comment: 'A new folder in src/ gets its line in the table first.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: folder([...Object.keys(ARROWS), 'app']) },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|training|public)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'browser', 'default'],
      mainFields: ['module', 'main', 'types'],
    },
  },
}
