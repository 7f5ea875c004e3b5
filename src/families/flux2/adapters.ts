import type { AdapterTargets, EmbeddingTable } from '@/families/family'
import { flux2Target } from '@/families/flux2/targets'
import { flux2Parameters, KLEIN_4B } from '@/families/flux2/transformer'
import type { Shapes } from '@/families/layout'

/** A matrix of an adapter: A [rank, cols], or B [rows, rank]. */
const HALF = /^(.+)\.(?:lora_(A|B|down|up))(?:\.[\w-]+)?\.weight$/

interface Sizes {
  rows?: number
  cols?: number
}

/** What of a linear is another in FLUX.1, which has it under the same name, and what it is here. */
const TELLING: readonly (readonly [RegExp, (sizes: Sizes) => number, readonly number[]])[] = [
  [/\.linear1$/, proportion, [9]],
  [/\.linear2$/, proportion, [1 / 4]],
  [/_mlp\.0$/, proportion, [6]],
  [/_mlp\.2$/, proportion, [1 / 3]],
  // Of FLUX.1 4096 and 64; 12288 is that of 9B.
  [/^txt_in$/, ({ cols = 0 }) => cols, [7680, 12288]],
  [/^final_layer\.linear$/, ({ rows = 0 }) => rows, [128]],
]

function proportion({ rows = 0, cols = 1 }: Sizes): number {
  return rows / cols
}

/** Rows and columns of the layers that are adapted, by module. */
function sizesOf(shapes: Shapes): Map<string, Sizes> {
  const sizes = new Map<string, Sizes>()
  for (const [key, { shape }] of shapes) {
    const [, module, half] = HALF.exec(key) ?? []
    if (module === undefined || shape.length !== 2) continue
    const isDown = half === 'A' || half === 'down'
    sizes.set(module, { ...sizes.get(module), ...(isDown ? { cols: shape[1] } : { rows: shape[0] }) })
  }
  return sizes
}

/** FLUX.2 [dev]'s width, which no klein has. */
const DEV_HIDDEN = 6144
/** Widths of FLUX.2 that FLUX.1 does not come in. */
const OWN_WIDTHS: readonly number[] = [4096, DEV_HIDDEN]

const ATTENTION = /_attn\.(?:qkv|proj)$/

/** How surely an adapter is this family's. */
type Belongs = 'surely' | 'likely' | 'perhaps' | 'not'

/**
 * Whether an adapter whose names FLUX.1 has, too, is this family's: sizes of its linears and the width of its attention tell, else the
 * number of double blocks, which trainers adapt all, makes it likely.
 */
function belongs(shapes: Shapes): Belongs {
  const blocks = new Set<number>()
  let width = 0
  for (const [module, sizes] of sizesOf(shapes)) {
    if (/^lora_te/.test(module)) continue
    const linear = flux2Target(module)?.linear
    // A layer that this family does not have.
    if (linear === undefined) return 'not'
    if (sizes.rows === undefined || sizes.cols === undefined) continue
    const telling = TELLING.find(([name]) => name.test(linear))
    if (telling) {
      const [, measure, own] = telling
      return own.some((one) => Math.abs(measure(sizes) - one) < 1e-6) ? 'surely' : 'not'
    }
    if (!ATTENTION.test(linear)) continue
    width = sizes.cols
    blocks.add(Number(/^double_blocks\.(\d+)\./.exec(linear)?.[1]))
  }
  if (blocks.size === 0) return 'not'
  if (OWN_WIDTHS.includes(width)) return 'surely'
  if (width !== KLEIN_4B.hidden) return 'perhaps'
  const last = Math.max(...blocks)
  if (last >= KLEIN_4B.doubleBlocks) return 'not'
  return blocks.size === KLEIN_4B.doubleBlocks ? 'likely' : 'perhaps'
}

/** What the text encoder makes of the text that an adapter was trained with: then it is not needed. */
export const FLUX2_TABLES = {
  prompt_embeds: { rows: 512, mayBeLonger: false, width: ['txt_in', 'cols'] },
} as const satisfies Record<string, EmbeddingTable>

export const flux2Adapters: AdapterTargets = {
  network: 'flux2Dit',
  recorded: 'FLUX.2',
  modules: /(?:double|single)_stream_modulation/,
  marks:
    /(?:double|single)_stream_modulation|time_guidance_embed|to_qkv_mlp_proj|ff(?:_context)?[._]linear_(?:in|out)|single_transformer_blocks[._]\d+[._]attn[._]to_out[._]/,
  trainedFor: /flux[-_.]?2/i,
  called: /klein|flux[-_. ]?2/i,
  isIn: (shapes) => belongs(shapes) === 'surely',
  isAlike: (shapes) => ['likely', 'perhaps'].includes(belongs(shapes)),
  isLikely: (shapes) => belongs(shapes) === 'likely',
  others: [],
  released: 'FLUX.2 [klein] 4B',
  parameters: () => flux2Parameters(KLEIN_4B),
  target: flux2Target,
  relative: (shapes) =>
    [...sizesOf(shapes)].some(
      ([module, { cols }]) =>
        cols === DEV_HIDDEN && /_attn\.(?:qkv|proj)$|\.linear1$/.test(flux2Target(module)?.linear ?? ''),
    )
      ? 'FLUX.2 [dev]'
      : null,
  tables: FLUX2_TABLES,
}
