/** Shared cases of rope_affine, for tests and benches. */
import type { IdAffine, RopeSegment } from '@/backend/kernels/ropeAffine/types'
import { seededNormals, seededUniform } from '@/backend/kernels/seeded'

export interface RopeCase {
  name: string
  batch: number
  heads: number
  axesDim: readonly number[]
  /** Default 10000. */
  theta?: number
  tokens: number
  arenaTokens: number
  /** Id axes of a grid's row and column, default 1 and 2; the others are 0. */
  rowAxis?: number
  columnAxis?: number
  /**
   * `grid`: row and column of a grid `columns` wide; `centres`: the same plus one half;
   * `far`: anything in ±2048, every other one fractional.
   */
  ids: 'grid' | 'centres' | 'far'
  columns: number
  segments: readonly RopeSegment[]
}

export interface RopeData {
  headDim: number
  theta: number
  /** [batch, tokens, 3 * heads * headDim] */
  qkv: Float32Array
  /** [headDim] */
  queryScale: Float32Array
  keyScale: Float32Array
  /** [tokens, axes] */
  ids: Float32Array
}

/** Tensors of a case; the same for the same seed. */
export function buildRope(test: RopeCase, seed = 1): RopeData {
  const { batch, heads, axesDim, tokens, columns, rowAxis = 1, columnAxis = 2 } = test
  const headDim = axesDim.reduce((sum, dim) => sum + dim, 0)
  const uniform = seededUniform(seed * 1000 + 4)
  const ids = new Float32Array(tokens * axesDim.length)
  for (let token = 0; token < tokens; token++)
    for (let axis = 0; axis < axesDim.length; axis++) {
      const onGrid = axis === rowAxis || axis === columnAxis
      const grid = axis === rowAxis ? Math.floor(token / columns) : onGrid ? token % columns : 0
      const far = (uniform() * 2 - 1) * 2048
      ids[token * axesDim.length + axis] =
        test.ids === 'grid'
          ? grid
          : test.ids === 'centres'
            ? grid + (onGrid ? 0.5 : 0)
            : token % 2
              ? Math.round(far)
              : far
    }
  return {
    headDim,
    theta: test.theta ?? 10000,
    qkv: seededNormals(seed * 1000 + 1, batch * tokens * 3 * heads * headDim),
    queryScale: seededNormals(seed * 1000 + 2, headDim).map((x) => 1 + 0.2 * x),
    keyScale: seededNormals(seed * 1000 + 3, headDim).map((x) => 1 + 0.2 * x),
    ids,
  }
}

/** DreamFuse's map in token units from its pixel coefficients (specification §4; 16 pixels per token). */
export function dreamfuseAffine(
  rows: number,
  columns: number,
  [a, e, tx, ty]: readonly [number, number, number, number],
): IdAffine {
  const map = { a, b: 0, c: 0, d: e, tx: tx / 16, ty: ty / 16 }
  return { rowAxis: 1, columnAxis: 2, ...map, mode: 'dreamfuse', rows, columns }
}

/** Vectors of the DreamFuse specification §4: pixel coefficients, token (row, column), its id. */
export const DREAMFUSE_VECTORS: readonly {
  rows: number
  columns: number
  coefficients: readonly [number, number, number, number]
  points: readonly { at: readonly [number, number]; id: readonly [number, number, number] }[]
}[] = [
  {
    rows: 32,
    columns: 32,
    coefficients: [0.4, 0.3, 200, 150],
    points: [
      { at: [0, 0], id: [0, 9.520312, 12.69375] },
      { at: [16, 16], id: [0, 14.170314, 18.893751] },
      { at: [31, 31], id: [0, 18.529688, 24.706251] },
    ],
  },
  {
    rows: 32,
    columns: 32,
    coefficients: [1, 1, 0, 0],
    points: [
      { at: [0, 0], id: [0, 0.484375, 0.484375] },
      { at: [31, 31], id: [0, 30.515625, 30.515625] },
    ],
  },
  {
    rows: 64,
    columns: 64,
    coefficients: [0.25, 0.25, 30.5, 410.25],
    points: [
      { at: [0, 0], id: [0, 25.763672, 2.029297] },
      { at: [63, 63], id: [0, 41.26758, 17.533203] },
    ],
  },
  { rows: 36, columns: 28, coefficients: [0.7, 0.9, -120, 260], points: [{ at: [0, 0], id: [0, 0, 0] }] },
]

const whole = (length: number, affine: IdAffine | null = null): readonly RopeSegment[] => [
  { start: 0, length, arenaStart: 0, affine },
]

/** A box turned by 30 degrees and moved partly off the picture. */
const TURNED: IdAffine = {
  rowAxis: 1,
  columnAxis: 2,
  a: 0.52,
  b: -0.3,
  c: 0.3,
  d: 0.52,
  tx: -3.25,
  ty: 7.8,
  mode: 'exact',
  rows: 6,
  columns: 5,
}

export const ROPE_CASES: readonly RopeCase[] = [
  ...[
    { axesDim: [4], heads: 3 },
    { axesDim: [2, 2, 2], heads: 2 },
    { axesDim: [4, 6, 6], heads: 4 },
    { axesDim: [2, 8, 8], heads: 1 },
    { axesDim: [8, 12, 12], heads: 6 },
    { axesDim: [16, 24, 24], heads: 5 },
    { axesDim: [8, 32, 32], heads: 2 },
    { axesDim: [16, 56, 56], heads: 24 },
    { axesDim: [2, 6, 10, 4], heads: 3, theta: 2000 },
    { axesDim: [32, 32, 32, 32], heads: 24, theta: 2000 },
    { axesDim: [2, 2, 4, 6, 2], heads: 1, theta: 500 },
  ].map(({ axesDim, heads, theta = 10000 }): RopeCase => {
    const headDim = axesDim.reduce((sum, dim) => sum + dim, 0)
    const name = `${axesDim.length} axes, head dim ${headDim}, ${heads} heads, theta ${theta}`
    return {
      name,
      batch: 1,
      heads,
      axesDim,
      theta,
      tokens: 23,
      arenaTokens: 23,
      ids: 'grid',
      columns: 5,
      segments: whole(23),
    }
  }),
  {
    name: 'far and fractional positions',
    batch: 1,
    heads: 2,
    axesDim: [16, 56, 56],
    tokens: 400,
    arenaTokens: 400,
    ids: 'far',
    columns: 20,
    segments: whole(400),
  },
  {
    name: 'four axes, far and fractional positions',
    batch: 2,
    heads: 3,
    axesDim: [32, 32, 32, 32],
    theta: 2000,
    tokens: 211,
    arenaTokens: 215,
    ids: 'far',
    columns: 20,
    segments: [{ start: 0, length: 211, arenaStart: 3, affine: null }],
  },
  {
    name: 'four axes, a turned affine between others',
    batch: 1,
    heads: 3,
    axesDim: [32, 32, 32, 32],
    theta: 2000,
    tokens: 41,
    arenaTokens: 41,
    ids: 'far',
    columns: 5,
    segments: [
      { start: 0, length: 11, arenaStart: 30, affine: null },
      { start: 11, length: 30, arenaStart: 0, affine: TURNED },
    ],
  },
  {
    name: "DreamFuse's affine on the last two of four axes, column first",
    batch: 1,
    heads: 2,
    axesDim: [2, 6, 10, 4],
    theta: 2000,
    tokens: 63,
    arenaTokens: 63,
    ids: 'grid',
    columns: 7,
    rowAxis: 3,
    columnAxis: 2,
    segments: whole(63, { ...dreamfuseAffine(9, 7, [0.4, 0.3, 40, 30]), rowAxis: 3, columnAxis: 2 }),
  },
  {
    name: 'a small theta',
    batch: 1,
    heads: 2,
    axesDim: [4, 6, 6],
    theta: 100,
    tokens: 64,
    arenaTokens: 64,
    ids: 'centres',
    columns: 8,
    segments: whole(64),
  },
  {
    name: 'batch, segments in another order, rows left alone, a turned affine',
    batch: 3,
    heads: 2,
    axesDim: [4, 14, 14],
    tokens: 37,
    arenaTokens: 50,
    ids: 'centres',
    columns: 5,
    segments: [
      { start: 0, length: 7, arenaStart: 40, affine: null },
      { start: 7, length: 30, arenaStart: 3, affine: TURNED },
      { start: 5, length: 0, arenaStart: 0, affine: null },
    ],
  },
  ...[
    { name: 'inside', rows: 9, columns: 7, coefficients: [0.4, 0.3, 40, 30] as const },
    { name: 'the whole frame', rows: 8, columns: 8, coefficients: [1, 1, 0, 0] as const },
    {
      name: 'over the left and lower border',
      rows: 12,
      columns: 10,
      coefficients: [0.7, 0.9, -51, 90] as const,
    },
    {
      name: 'enlarged over every border',
      rows: 6,
      columns: 11,
      coefficients: [2.5, 3.1, -90, -77.7] as const,
    },
    { name: 'outside', rows: 5, columns: 5, coefficients: [1, 1, 500, 0] as const },
  ].map(({ name, rows, columns, coefficients }): RopeCase => ({
    name: `DreamFuse's affine, ${name}`,
    batch: 1,
    heads: 2,
    axesDim: [4, 14, 14],
    tokens: rows * columns,
    arenaTokens: rows * columns,
    ids: 'grid',
    columns,
    segments: whole(rows * columns, dreamfuseAffine(rows, columns, coefficients)),
  })),
]
