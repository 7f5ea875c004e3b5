import type { AdapterTargets, EmbeddingTable } from '@/families/family'
import { flux2Target } from '@/families/flux2/targets'
import { flux2Parameters, KLEIN_4B } from '@/families/flux2/transformer'
import type { Shapes } from '@/families/layout'

/** A matrix of an adapter: A [rank, cols], or B [rows, rank]. */
const HALF = /^(.+)\.(?:lora_(A|B|down|up))(?:\.[\w-]+)?\.weight$/

/** Rows over columns of the linears that FLUX.1 has under the same names in other proportions (7, 1/5, 4, 1/4). */
const PROPORTIONS: readonly (readonly [RegExp, number])[] = [
  [/\.linear1$/, 9],
  [/\.linear2$/, 1 / 4],
  [/_mlp\.0$/, 6],
  [/_mlp\.2$/, 1 / 3],
]

/** Rows and columns of the layers that are adapted, by module. */
function sizesOf(shapes: Shapes): Map<string, { rows?: number; cols?: number }> {
  const sizes = new Map<string, { rows?: number; cols?: number }>()
  for (const [key, { shape }] of shapes) {
    const [, module, half] = HALF.exec(key) ?? []
    if (module === undefined || shape.length !== 2) continue
    const isDown = half === 'A' || half === 'down'
    sizes.set(module, { ...sizes.get(module), ...(isDown ? { cols: shape[1] } : { rows: shape[0] }) })
  }
  return sizes
}

/** The authors' names are FLUX.1's where nothing is shared; proportions of their linears tell. */
function hasProportions(shapes: Shapes): boolean {
  for (const [module, { rows, cols }] of sizesOf(shapes)) {
    const linear = flux2Target(module)?.linear
    if (linear === undefined || rows === undefined || cols === undefined) continue
    const known = PROPORTIONS.find(([name]) => name.test(linear))
    if (known) return Math.abs(rows / cols - known[1]) < 1e-6
  }
  return false
}

/** FLUX.2 [dev]'s width, which no klein has. */
const DEV_HIDDEN = 6144

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
  isIn: hasProportions,
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
