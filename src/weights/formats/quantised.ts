/**
 * Weights that are stored as something else than their numbers. One scale for a tensor, or one per row, is resolved
 * here, so that nobody else meets it (specs: FLUX §8.3); every other packing is refused by its name.
 */
import { fail } from '@/base/errors'
import { PUBLISHED } from '@/weights/formats/safetensors'
import type { TensorEntry } from '@/weights/formats/tensorEntry'
import type { StoredType } from '@/weights/formats/widen'

/** Types whose numbers are the weights' own. */
const FLOATS: ReadonlySet<StoredType> = new Set(['F64', 'F32', 'F16', 'BF16', 'F8_E4M3', 'F8_E5M2'])

/** Whether a tensor's numbers can be read as weights: floats, or 8-bit integers with a scale. */
export const isReadable = ({ dtype, scale }: Pick<TensorEntry, 'dtype' | 'scale'>): boolean =>
  FLOATS.has(dtype) || (dtype === 'I8' && scale !== undefined)

/** Packed formats by the names of the tensors that only they have. The first that is found decides. */
const PACKED: readonly [RegExp, string][] = [
  [
    /\.(?:wscales|wtscale|wcscales|smooth_factor|smooth_factor_orig|smooth)$/,
    'is a Nunchaku (SVDQuant) file; its packed 4-bit weights cannot be unpacked here.',
  ],
  [
    /\.(?:absmax|nested_absmax|quant_map|nested_quant_map)$|\.quant_state(?:\.|$)|bitsandbytes__/,
    'is quantised by bitsandbytes (NF4), which is not supported.',
  ],
  [/\.(?:SCB|weight_format)$/, 'is quantised by bitsandbytes (8-bit), which is not supported.'],
  [/\.(?:qweight|qzeros|g_idx)$/, 'is quantised by GPTQ or AWQ, which is not supported.'],
  [/\.(?:weight_scale_2|weight_global_scale)$/, 'is quantised to NVFP4 or MXFP4, which is not supported.'],
  [/\.weight_scale_inv$/, 'has fp8 weights with a scale for every block, which are not supported.'],
  [/\.weight_(?:packed|shape|zero_point|codebook|s_rel|s_channel|qdata|scalar)$/, 'has packed weights.'],
  [/\._(?:data|scale|shift)$|\.weight_qtype$/, 'is quantised by Quanto, which is not supported.'],
  [/\.(?:encoded_exponent|sign_mantissa)$/, 'is packed as DFloat11, which is not supported.'],
  [/\.(?:W_q|q_weight|codebooks|q_scale)$/, 'has packed weights.'],
]

/** What ComfyUI's own words for a layer may be: one scale for it, or one per row. */
const PLAIN_FORMATS: ReadonlySet<unknown> = new Set([
  'float8_e4m3fn',
  'float8_e4m3fn_rowwise',
  'float8_e5m2',
  'int8_tensorwise',
])
/** Of those words, what does not change the numbers. */
const HARMLESS: ReadonlySet<string> = new Set([
  'format',
  'full_precision_matrix_mult',
  'per_channel',
  'orig_dtype',
])

const COMPANION = /^(.*)\.(scale_weight|weight_scale|scale_input|input_scale|comfy_quant)$/
const MARK = 'scaled_fp8'
/** A layer's words have some 80 bytes. */
const MAX_WORDS = 4096

/**
 * The table with every scale joined to its weights and without what says how they were packed.
 * @param file for messages
 * @throws unsupported naming the packing; bad-weights when a scale does not fit its weights
 */
export async function resolveQuantised(
  entries: ReadonlyMap<string, TensorEntry>,
  metadata: Readonly<Record<string, string>>,
  file: string,
  signal?: AbortSignal,
): Promise<Map<string, TensorEntry>> {
  for (const [pattern, words] of PACKED)
    for (const name of entries.keys())
      if (pattern.test(name)) fail('unsupported', `“${file}” ${words}`, PUBLISHED, `found ${name}`)
  for (const [layer, words] of Object.entries(layersIn(metadata))) requirePlain(layer, words, file)
  for (const [name, entry] of entries)
    if (name.endsWith('.comfy_quant')) requirePlain(name, await wordsOf(entry, signal), file)
  return joinScales(entries)
}

/** As `resolveQuantised`, for tables without such words. */
export function joinScales(entries: ReadonlyMap<string, TensorEntry>): Map<string, TensorEntry> {
  const plain = new Map<string, TensorEntry>()
  const scales = new Map<string, TensorEntry>()
  for (const [name, entry] of entries) {
    const companion = COMPANION.exec(name)
    const weight = companion && entries.get(`${companion[1]}.weight`)
    if (companion && weight) {
      // Scales of the input are for arithmetic in eight bits, which we do not do.
      if (companion[2] === 'scale_weight' || companion[2] === 'weight_scale')
        scales.set(`${companion[1]}.weight`, checkScale(name, entry, weight))
    } else if (name !== MARK && !name.endsWith(`.${MARK}`)) plain.set(name, entry)
  }
  for (const [name, scale] of scales) plain.set(name, { ...plain.get(name)!, scale })
  return plain
}

/** One number, or one for each row: [], [1, …], [rows], [rows, 1, …]. */
function checkScale(name: string, scale: TensorEntry, weight: TensorEntry): TensorEntry {
  const rows = weight.shape[0] ?? 1
  const [first = 1, ...others] = scale.shape
  if ((first !== 1 && first !== rows) || others.some((size) => size !== 1))
    fail(
      'unsupported',
      `The scales "${name}" are not one per tensor or per row.`,
      PUBLISHED,
      `expected [1] or [${rows}], found [${scale.shape.join(', ')}]`,
    )
  if (!FLOATS.has(scale.dtype) || scale.scale)
    fail('unsupported', `The scales "${name}" are packed themselves.`, PUBLISHED, scale.dtype)
  return scale
}

/** Layers of `_quantization_metadata`, which says once what `comfy_quant` says for every layer. */
function layersIn(metadata: Readonly<Record<string, string>>): Record<string, unknown> {
  const text = metadata._quantization_metadata
  if (text === undefined) return {}
  const layers = (parsed(text) as { layers?: unknown } | null)?.layers
  return typeof layers === 'object' && layers !== null ? (layers as Record<string, unknown>) : { all: null }
}

async function wordsOf({ source, begin, end }: TensorEntry, signal?: AbortSignal): Promise<unknown> {
  if (end - begin > MAX_WORDS) return null
  return parsed(new TextDecoder().decode(await source.read(begin, end, signal)))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** @throws unsupported unless the words are of one scale per tensor or row, and of nothing else */
function requirePlain(layer: string, words: unknown, file: string): void {
  const fields = typeof words === 'object' && words !== null ? (words as Record<string, unknown>) : {}
  const changes = Object.keys(fields).filter((key) => !HARMLESS.has(key) && fields[key] !== false)
  if (PLAIN_FORMATS.has(fields.format) && changes.length === 0) return
  fail(
    'unsupported',
    fields.convrot === true
      ? `“${file}” has rotated 8-bit weights (ConvRot), which are not supported.`
      : `“${file}” is quantised in a way that is not supported (${describe(fields.format)}).`,
    PUBLISHED,
    `${layer}: ${JSON.stringify(words)?.slice(0, 200)}`,
  )
}

const describe = (format: unknown): string =>
  typeof format === 'string' && format !== '' ? format.slice(0, 40) : 'not said how'
