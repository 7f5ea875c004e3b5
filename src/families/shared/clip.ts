/**
 * CLIP's transformers under transformers' names, from their own files or from OpenCLIP's: the text encoder alone, or
 * both towers, which score pictures (specs: encoders §2, §6).
 */
import { fail } from '@/base/errors'
import { ClipConfig, ClipTextConfig, type ClipVisionConfig } from '@/families/shared/config'
import {
  checkedConfig,
  countBlocks,
  findPrefix,
  LayoutBuilder,
  shapeOf,
  type Header,
  type Layout,
  type RowPart,
  type Shapes,
} from '@/families/layout'

type Dialect = 'transformers' | 'openClip'

/** Where a tower lies: `prefix` stands in front of `text_model.`, or of OpenCLIP's names. */
interface Found {
  dialect: Dialect
  prefix: string
  /** "text_model." or "vision_model.", which newer exports of one tower drop. */
  tower: string
}

/** Wrappers around transformers' and OpenCLIP's names. */
const PREFIXES = [
  '',
  'clip.',
  'transformer.',
  'text_encoders.clip_l.transformer.',
  'cond_stage_model.transformer.',
]
const OPEN_CLIP_PREFIXES = ['', 'model.', 'cond_stage_model.model.', 'conditioner.embedders.0.model.']

/** Where the text tower is, or null where there is none. */
export function findClipText(shapes: Shapes): Found | null {
  for (const tower of ['text_model.', '']) {
    const prefix = findPrefix(shapes, PREFIXES, `${tower}embeddings.token_embedding.weight`)
    if (prefix !== null) return { dialect: 'transformers', prefix, tower }
  }
  const prefix = OPEN_CLIP_PREFIXES.find(
    (one) =>
      shapes.has(`${one}token_embedding.weight`) &&
      shapes.has(`${one}transformer.resblocks.0.attn.in_proj_weight`),
  )
  return prefix === undefined ? null : { dialect: 'openClip', prefix, tower: '' }
}

/** Where the vision tower is that belongs to a text tower, or null. */
function findVision(shapes: Shapes, text: Found): Found | null {
  const { dialect, prefix } = text
  const name = dialect === 'openClip' ? 'visual.class_embedding' : 'vision_model.embeddings.class_embedding'
  return shapes.has(prefix + name) ? { dialect, prefix, tower: 'vision_model.' } : null
}

/** Whether both towers are there. */
export function findClip(shapes: Shapes): boolean {
  const text = findClipText(shapes)
  return text !== null && findVision(shapes, text) !== null
}

/** Every published text tower has heads of 64; of vision towers, all but the widest. */
const HEAD_DIM = 64
const WIDE_VISION_HEADS = 16
/** OpenCLIP ViT-H/14, which Stable Diffusion 2 reads before its last layer (specs: encoders §2). */
const SD_ENCODER = { width: 1024, layers: 24 }

/**
 * The text encoder. What a file of OpenCLIP ViT-H/14 holds beyond what Stable Diffusion 2 uses, the last layer and the
 * projection, is left out: the pack's last layer is the one whose output is wanted.
 * @throws bad-weights when tensors are missing or contradict each other
 */
export function clipTextLayout(checkpoint: Header): Layout<ClipTextConfig> {
  const found = findClipText(checkpoint.entries)
  if (!found)
    return fail(
      'bad-weights',
      'This is not a CLIP text encoder.',
      "Choose FLUX's CLIP-L, or Stable Diffusion 2's text encoder.",
    )
  const whole = textConfig(checkpoint, found)
  const isForSd =
    found.dialect === 'openClip' || (whole.width === SD_ENCODER.width && whole.layers === SD_ENCODER.layers)
  const config = isForSd ? { ...whole, layers: whole.layers - 1, projection: null } : whole
  refuseOthers(found, whole.width)
  const b = new LayoutBuilder(storedName(found))
  addText(b, found, config)
  return {
    family: 'clipText',
    dialect: dialectWords(found),
    config,
    tensors: b.tensors,
    prefix: found.prefix,
    isClosed: false,
    notes: [],
  }
}

/** Widths of published text towers that neither FLUX.1 (CLIP-L) nor Stable Diffusion 2 (OpenCLIP-H) reads. */
const OTHERS: Readonly<Record<number, string>> = {
  512: 'CLIP ViT-B',
  1280: 'OpenCLIP-G of Stable Diffusion XL',
}
const CLIP_L_WIDTH = 768

/** @throws unsupported */
function refuseOthers({ dialect }: Found, width: number): void {
  const other =
    OTHERS[width] ??
    (dialect === 'openClip' && width === CLIP_L_WIDTH
      ? "OpenCLIP's ViT-L, trained apart from OpenAI's"
      : null)
  if (other === null) return
  fail(
    'unsupported',
    `This is the text encoder of ${other}, which no mode reads prompts with.`,
    "Choose FLUX's CLIP-L, or Stable Diffusion 2's text encoder.",
    `${width} wide`,
  )
}

/** Both towers, whole. @throws bad-weights when tensors are missing or contradict each other */
export function clipLayout(checkpoint: Header): Layout<ClipConfig> {
  const shapes = checkpoint.entries
  const text = findClipText(shapes)
  const vision = text && findVision(shapes, text)
  if (!text || !vision)
    return fail(
      'bad-weights',
      'This is not a CLIP model with both towers.',
      'Choose a CLIP model for pictures and text, such as CLIP-ViT-H-14.',
    )
  const config = checkedConfig(
    ClipConfig,
    { text: textConfig(checkpoint, text), vision: visionConfig(checkpoint, vision) },
    'CLIP model',
  )
  if (config.text.projection !== config.vision.projection)
    fail(
      'bad-weights',
      'The towers of this CLIP model do not belong together.',
      'Get the file again from where it came.',
      `text is projected to ${config.text.projection}, pictures to ${config.vision.projection}`,
    )
  const b = new LayoutBuilder(storedName(text))
  addText(b, text, config.text)
  const seen = new LayoutBuilder(storedName(vision))
  addVision(seen, vision, config.vision)
  return {
    family: 'clip',
    dialect: dialectWords(text),
    config,
    tensors: new Map([...b.tensors, ...seen.tensors]),
    prefix: text.prefix,
    isClosed: false,
    notes: [],
  }
}

const dialectWords = ({ dialect }: Found): string =>
  dialect === 'openClip' ? 'OpenCLIP layout' : 'transformers layout'

const escaped = (text: string): string => text.replaceAll('.', '\\.')

const countLayers = (shapes: Shapes, before: string): number =>
  countBlocks(shapes, new RegExp(`^${escaped(before)}(\\d+)\\.`))

function textConfig(checkpoint: Header, found: Found): ClipTextConfig {
  const shapes = checkpoint.entries
  const stored = storedName(found)
  const matrix = (name: string) => shapeOf(shapes, stored(name), 2)
  const [vocabulary, width] = matrix('text_model.embeddings.token_embedding.weight')
  const given = part(checkpoint, 'text_config')
  return checkedConfig(
    ClipTextConfig,
    {
      width,
      layers: countLayers(shapes, blocks(found)),
      mlp: matrix('text_model.encoder.layers.0.mlp.fc1.weight')[0],
      vocabulary,
      positions: matrix('text_model.embeddings.position_embedding.weight')[0],
      projection: projectionOf(shapes, found, 'text_projection'),
      heads: given.num_attention_heads ?? width / HEAD_DIM,
      activation: activation(given, found, width),
    },
    'CLIP text encoder',
  )
}

function visionConfig(checkpoint: Header, found: Found): ClipVisionConfig {
  const shapes = checkpoint.entries
  const stored = storedName(found)
  const [width, , patch] = shapeOf(shapes, stored('vision_model.embeddings.patch_embedding.weight'), 4)
  const [positions] = shapeOf(shapes, stored('vision_model.embeddings.position_embedding.weight'), 2)
  const given = part(checkpoint, 'vision_config')
  const text = textConfig(checkpoint, { ...found, tower: 'text_model.' })
  return {
    width,
    heads:
      typeof given.num_attention_heads === 'number'
        ? given.num_attention_heads
        : width > 1024
          ? WIDE_VISION_HEADS
          : width / HEAD_DIM,
    layers: countLayers(shapes, blocks(found)),
    mlp: shapeOf(shapes, stored('vision_model.encoder.layers.0.mlp.fc1.weight'), 2)[0],
    // One position is the class token's.
    image: patch * Math.sqrt(positions - 1),
    patch,
    activation: typeof given.hidden_act === 'string' ? activation(given, found, width) : text.activation,
    projection: projectionOf(shapes, found, 'visual_projection') ?? 0,
  }
}

/** A side's part of config.json. */
function part({ json }: Header, name: 'text_config' | 'vision_config'): Record<string, unknown> {
  const outer = (json['config.json'] ?? {}) as Record<string, unknown>
  if (outer[name]) return outer[name] as Record<string, unknown>
  // A file for text alone has no sections.
  return name === 'text_config' && !outer.vision_config ? outer : {}
}

/** OpenAI's CLIP has quick_gelu, OpenCLIP's models the exact one; `width` is the text tower's. */
function activation(
  given: Record<string, unknown>,
  { dialect }: Found,
  width: number,
): ClipTextConfig['activation'] {
  if (typeof given.hidden_act === 'string') return given.hidden_act === 'quick_gelu' ? 'quickGelu' : 'gelu'
  return dialect === 'openClip' || width >= SD_ENCODER.width ? 'gelu' : 'quickGelu'
}

/** Width of what comes out of a projection, or null where there is none. OpenCLIP stores [in, out]. */
function projectionOf(
  shapes: Shapes,
  found: Found,
  name: 'text_projection' | 'visual_projection',
): number | null {
  const stored = storedName(found)(`${name}.weight`)
  if (!shapes.has(stored)) return null
  return shapeOf(shapes, stored, 2)[found.dialect === 'openClip' ? 1 : 0]
}

/** What stands in front of the layers' numbers. */
function blocks({ dialect, prefix, tower }: Found): string {
  if (dialect === 'transformers') return `${prefix}${tower}encoder.layers.`
  return `${prefix}${tower === 'vision_model.' ? 'visual.' : ''}transformer.resblocks.`
}

function addText(b: LayoutBuilder, found: Found, config: ClipTextConfig): void {
  const { width, vocabulary, positions, projection } = config
  b.add('text_model.embeddings.token_embedding.weight', [vocabulary, width], 'embedding')
  b.add('text_model.embeddings.position_embedding.weight', [positions, width], 'exact')
  addLayers(b, 'text_model', found, config)
  b.norm('text_model.final_layer_norm', width)
  if (projection !== null) addProjection(b, 'text_projection.weight', projection, width, found)
}

function addVision(b: LayoutBuilder, found: Found, config: ClipVisionConfig): void {
  const { width, image, patch, projection } = config
  const embeddings = 'vision_model.embeddings'
  b.add(`${embeddings}.class_embedding`, [width], 'exact')
  b.add(`${embeddings}.patch_embedding.weight`, [width, 3, patch, patch], 'conv')
  b.add(`${embeddings}.position_embedding.weight`, [(image / patch) ** 2 + 1, width], 'exact')
  b.norm('vision_model.pre_layrnorm', width)
  addLayers(b, 'vision_model', found, config)
  b.norm('vision_model.post_layernorm', width)
  addProjection(b, 'visual_projection.weight', projection, width, found)
}

/** OpenCLIP multiplies by its projections from the right. */
function addProjection(b: LayoutBuilder, name: string, out: number, width: number, { dialect }: Found): void {
  if (dialect === 'openClip') b.addTransposed(name, [out, width], 'linear')
  else b.add(name, [out, width], 'linear')
}

function addLayers(
  b: LayoutBuilder,
  tower: 'text_model' | 'vision_model',
  found: Found,
  { layers, width, mlp }: { layers: number; width: number; mlp: number },
): void {
  for (let i = 0; i < layers; i++) {
    const layer = `${tower}.encoder.layers.${i}`
    b.norm(`${layer}.layer_norm1`, width)
    for (const [k, one] of ['q', 'k', 'v'].entries()) {
      const name = `${layer}.self_attn.${one}_proj`
      if (found.dialect === 'transformers') b.linear(name, width, width)
      else {
        // OpenCLIP stacks the three.
        const rows = (kind: string): RowPart[] => [
          {
            tensor: `${blocks(found)}${i}.attn.in_proj_${kind}`,
            first: k * width,
            rows: width,
            of: 3 * width,
          },
        ]
        b.add(`${name}.weight`, [width, width], 'linear', rows('weight'))
        b.add(`${name}.bias`, [width], 'exact', rows('bias'))
      }
    }
    b.linear(`${layer}.self_attn.out_proj`, width, width)
    b.norm(`${layer}.layer_norm2`, width)
    b.linear(`${layer}.mlp.fc1`, mlp, width)
    b.linear(`${layer}.mlp.fc2`, width, mlp)
  }
}

const OPEN_CLIP: readonly [RegExp, string][] = [
  [/^vision_model\.embeddings\.class_embedding$/, 'visual.class_embedding'],
  [/^vision_model\.embeddings\.patch_embedding\./, 'visual.conv1.'],
  [/^vision_model\.embeddings\.position_embedding\.weight$/, 'visual.positional_embedding'],
  [/^vision_model\.pre_layrnorm\./, 'visual.ln_pre.'],
  [/^vision_model\.post_layernorm\./, 'visual.ln_post.'],
  [/^visual_projection\.weight$/, 'visual.proj'],
  [/^vision_model\.encoder\.layers\./, 'visual.transformer.resblocks.'],
  [/^text_model\.embeddings\.token_embedding\./, 'token_embedding.'],
  [/^text_model\.embeddings\.position_embedding\.weight$/, 'positional_embedding'],
  [/^text_model\.final_layer_norm\./, 'ln_final.'],
  [/^text_projection\.weight$/, 'text_projection'],
  [/^text_model\.encoder\.layers\./, 'transformer.resblocks.'],
]
const OPEN_CLIP_LAYER: readonly [string, string][] = [
  ['.layer_norm1.', '.ln_1.'],
  ['.self_attn.out_proj.', '.attn.out_proj.'],
  ['.layer_norm2.', '.ln_2.'],
  ['.mlp.fc1.', '.mlp.c_fc.'],
  ['.mlp.fc2.', '.mlp.c_proj.'],
]

/** The stored name of a canonical tensor that is stored whole. */
function storedName({ dialect, prefix, tower }: Found): (name: string) => string {
  if (dialect === 'transformers') return (name) => prefix + name.replace(/^(?:text|vision)_model\./, tower)
  return (name) => {
    const [pattern, to] = OPEN_CLIP.find(([one]) => one.test(name)) ?? [/^/, '']
    return (
      prefix +
      OPEN_CLIP_LAYER.reduce((text, [from, into]) => text.replace(from, into), name.replace(pattern, to))
    )
  }
}
