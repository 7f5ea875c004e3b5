/** The layers that a scene draws: how strongly each shows, and whether it does. */
import * as v from 'valibot'

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1))

/** 0 not at all, 1 as the light has it. */
export const LayerStrengths = v.object({
  /** Of every light. */
  shadow: share,
  contact: share,
  reflection: share,
  // Of the objects themselves; what was made before there were such layers has none.
  edge: v.optional(share, 0),
  relight: v.optional(share, 0),
  tone: v.optional(share, 0),
  grain: v.optional(share, 0),
  grass: v.optional(share, 0),
})
type LayerStrengths = v.InferOutput<typeof LayerStrengths>
export type LayerName = keyof LayerStrengths

/** False where a layer is put away, its strength kept. What is not named shows: nothing is stored until something is hidden. */
export const LayersVisible = v.partial(
  v.object({
    /** Of each light, in their order. */
    shadow: v.pipe(v.array(v.boolean()), v.maxLength(2)),
    contact: v.boolean(),
    reflection: v.boolean(),
    edge: v.boolean(),
    relight: v.boolean(),
    tone: v.boolean(),
    grain: v.boolean(),
    grass: v.boolean(),
  }),
)
type LayersVisible = v.InferOutput<typeof LayersVisible>

/** All of them as one: absent where they show as they are. */
export const LayersTogether = v.object({
  /** Of what each has of its own. */
  strength: share,
  shown: v.boolean(),
})
export type LayersTogether = v.InferOutput<typeof LayersTogether>

interface Layered {
  lights: readonly unknown[]
  amounts: LayerStrengths
  visible?: LayersVisible
  together?: LayersTogether
}

export const togetherOf = ({ together }: Pick<Layered, 'together'>): LayersTogether =>
  together ?? { strength: 1, shown: true }

/** @param light whose shadow is meant, for the layer of that name */
export function isShown({ visible }: Pick<Layered, 'visible'>, layer: LayerName, light = 0): boolean {
  if (layer === 'shadow') return visible?.shadow?.[light] ?? true
  return visible?.[layer] ?? true
}

/** Shows a layer or puts it away, in place. @param light as `isShown` */
export function show(scene: Layered, layer: LayerName, shown: boolean, light = 0): void {
  const shadow = [0, 1].map((at) => (at === light ? shown : isShown(scene, 'shadow', at)))
  const hidden = layer === 'shadow' ? shadow.includes(false) : !shown
  const others = Object.entries(scene.visible ?? {}).filter(([name]) => name !== layer)
  const own = hidden ? [[layer, layer === 'shadow' ? shadow : false] as const] : []
  scene.visible = Object.fromEntries([...others, ...own])
  if (others.length + own.length === 0) delete scene.visible
}

/** Strengths as the layers take them, a shadow's of each light. */
type Amounts = Omit<LayerStrengths, 'shadow'> & { shadow: number[] }

/** How strong layers are, whether they show or wait. */
export function storedAmounts(scene: Layered): Amounts {
  const { strength } = togetherOf(scene)
  const { shadow, contact, reflection, edge, relight, tone, grain, grass } = scene.amounts
  return {
    shadow: scene.lights.map(() => strength * shadow),
    contact: strength * contact,
    reflection: strength * reflection,
    edge: strength * edge,
    relight: strength * relight,
    tone: strength * tone,
    grain: strength * grain,
    grass: strength * grass,
  }
}

/** The same as it is seen: 0 of what is put away. */
export function shownAmounts(scene: Layered): Amounts {
  const { shadow, ...others } = storedAmounts(scene)
  const all = togetherOf(scene).shown
  const seen = (layer: Exclude<LayerName, 'shadow'>): number =>
    all && isShown(scene, layer) ? others[layer] : 0
  return {
    shadow: shadow.map((amount, light) => (all && isShown(scene, 'shadow', light) ? amount : 0)),
    contact: seen('contact'),
    reflection: seen('reflection'),
    edge: seen('edge'),
    relight: seen('relight'),
    tone: seen('tone'),
    grain: seen('grain'),
    grass: seen('grass'),
  }
}
