/** The sizes at which models really run: what `npm run gpu` times. */
import { fullCase, type AttentionCase } from '@/backend/kernels/sharedAttention/cases'

export interface LinearShape {
  /** Tokens. */
  m: number
  /** Features in. */
  k: number
  /** Features out. */
  n: number
  bits: 4 | 8
}

/** How much smaller everything is in a rehearsal, which a processor must stand. */
const REHEARSAL = 8

type Full = Omit<Parameters<typeof fullCase>[1], 'half'> & { name: string }

/** Queries and keys are tokens of FLUX.1 with references, of SD 2.1 at 512 px and of its text, and of a published comparison. */
const ATTENTION: readonly Full[] = [
  ...[2816, 4608, 12544, 13568].map((tokens) => ({
    name: `FLUX ${tokens}`,
    heads: 24,
    headDim: 128,
    queries: tokens,
    keys: tokens,
  })),
  { name: 'SD 2.1 self 4096', heads: 5, headDim: 64, queries: 4096, keys: 4096 },
  { name: 'SD 2.1 cross 4096', heads: 5, headDim: 64, queries: 4096, keys: 77 },
  { name: 'Inlay scene 144', heads: 4, headDim: 36, queries: 144, keys: 144 },
  { name: 'published 5776', heads: 16, headDim: 72, queries: 5776, keys: 5776 },
]

/** FLUX.1, klein, and the published comparison. */
const LINEARS: readonly Omit<LinearShape, 'bits'>[] = [
  ...[2816, 12544].flatMap((m) => [
    { m, k: 3072, n: 9216 },
    { m, k: 3072, n: 21504 },
    { m, k: 15360, n: 3072 },
    { m, k: 3072, n: 27648 },
    { m, k: 12288, n: 3072 },
  ]),
  { m: 4096, k: 14336, n: 512 },
]

const smaller = (size: number, by: number): number => Math.max(1, Math.round(size / by))

/** Each also with every other of eight parts of its keys hidden. */
export function attentionShapes(rehearse: boolean): AttentionCase[] {
  const by = rehearse ? REHEARSAL : 1
  return ATTENTION.flatMap(({ name, heads, headDim, queries, keys }) => {
    const full = fullCase(name, {
      heads: smaller(heads, by),
      headDim: 4 * smaller(headDim / 4, by),
      queries: smaller(queries, by),
      keys: smaller(keys, by),
    })
    return full.sources[0].tokens >= 64 ? [full, halfHidden(full)] : [full]
  })
}

function halfHidden(full: AttentionCase): AttentionCase {
  const length = Math.floor(full.sources[0].tokens / 8)
  const keys = [0, 2, 4, 6].map((part) => ({ source: 0, start: part * length, length }))
  return { ...full, name: `${full.name}, half hidden`, queries: [{ ...full.queries[0], keys }] }
}

/** Features stay multiples of 32, the block of their scales. */
export function linearShapes(rehearse: boolean): LinearShape[] {
  const by = rehearse ? REHEARSAL : 1
  return LINEARS.flatMap(({ m, k, n }) =>
    ([4, 8] as const).map((bits) => ({
      m: smaller(m, by),
      k: 32 * smaller(k / 32, by),
      n: 32 * smaller(n / 32, by),
      bits,
    })),
  )
}
