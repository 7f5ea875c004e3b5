/**
 * Mode Place with Inlay Mini: every foreground is pasted into its box and then lit, shadowed and grounded
 * by the model, one after the other in layer order, each over the result of those below it.
 */
import { backFromWhite, overWhite } from '@/assets/onWhite'
import { compositeOver, placeForeground } from '@/assets/paste'
import type { Raster } from '@/base/geometry'
import { macrotask } from '@/base/macrotask'
import type { Backend } from '@/backend/types'
import { applyGate, cleanPicture, MiniNet, wordIds, type GainOffset, type MiniScene } from '@/nets/mini'
import { applyMaps } from '@/pipelines/place/applyMaps'
import { miniScene } from '@/pipelines/place/miniScene'
import type { MiniManifest } from '@/schema/pack'
import { smoothChroma } from '@/pipelines/place/smoothChroma'
import type { Progress } from '@/pipelines/shared/report'
import { stopwatch, type StageSeconds } from '@/pipelines/shared/stopwatch'
import type { PlaceRecipe } from '@/schema/modes/place'
import { addNoise, eulerStep, velocityFromClean } from '@/samplers/flowMatch'
import { philoxNormals } from '@/samplers/philox'
import type { WeightSource } from '@/weights/formats/source'

export interface PlaceJob {
  recipe: PlaceRecipe
  background: Raster
  foregrounds: readonly Raster[]
  /** What the recipe's scene names, in the order of `maskAssets`. */
  masks?: readonly Raster[]
}

export interface PlaceResult {
  image: Raster
  seconds: Omit<StageSeconds, 'load'>
}

/** Puts the built-in model on the device. */
export const loadPlaceModel = (
  backend: Backend,
  manifest: MiniManifest,
  source: WeightSource,
): Promise<MiniNet> => MiniNet.load(backend, manifest.config, manifest.words.length, source)

/** Sigmas of a run that starts at `strength`: strength * (1 - i/steps), then 0. */
export const miniSigmas = (steps: number, strength: number): number[] =>
  Array.from({ length: steps + 1 }, (_, i) => strength * (1 - i / steps))

/**
 * @throws empty-foreground, bad-box (nothing lands on the picture), device-lost, out-of-memory; AbortError when
 * `signal` fires.
 */
export async function place(
  net: MiniNet,
  vocabulary: readonly string[],
  job: PlaceJob,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<PlaceResult> {
  const { recipe } = job
  const { size, textTokens } = net.config
  const words = wordIds(recipe.prompt, vocabulary, textTokens)
  const seconds = { encode: 0, sample: 0, composite: 0 }
  const steps = recipe.steps * job.foregrounds.length
  let image = job.background

  for (const [index, foreground] of job.foregrounds.entries()) {
    onProgress({ kind: 'encoding', foreground: index, foregrounds: job.foregrounds.length })
    const lap = stopwatch()
    const placement = recipe.foregrounds[index]
    const placed = placeForeground(foreground, placement, image)
    const composite = compositeOver(image, placed)
    // The model sees white where the picture is transparent.
    const shown = overWhite(composite)
    await macrotask()
    signal.throwIfAborted()
    const { scene, crop } = miniScene(overWhite(image), shown, foreground, placement, placed, words, size)
    seconds.composite += lap()

    const maps = await sample(net, scene, recipe, index, signal, {
      encoded: () => (seconds.encode += lap()),
      step: (done, clean) =>
        onProgress({
          kind: 'step',
          step: index * recipe.steps + done,
          steps,
          preview: { rect: crop, image: rasterOf(clean, size) },
          detail: null,
        }),
    })
    seconds.sample += lap()

    onProgress({ kind: 'compositing' })
    await macrotask()
    signal.throwIfAborted()
    smoothChroma(maps, scene.alpha, size)
    applyGate(scene.paste, maps, size)
    const made = applyMaps(shown, placed, crop, maps, scene.alpha, size)
    image = shown === composite ? made : backFromWhite(made, shown, composite, composite)
    seconds.composite += lap()
  }
  return { image, seconds }
}

/** Sampling as docs/mini.md states it; the last gain and offset are the result. */
export async function sample(
  net: MiniNet,
  scene: MiniScene,
  recipe: Pick<PlaceRecipe, 'seed' | 'steps' | 'strength'>,
  stream: number,
  signal: AbortSignal,
  on: { encoded?: () => void; step?: (done: number, clean: Float32Array) => void } = {},
  noise = philoxNormals(BigInt(recipe.seed), stream, scene.paste.length),
): Promise<GainOffset> {
  const sigmas = miniSigmas(recipe.steps, recipe.strength)
  const run = await net.begin(scene, sigmas.slice(0, -1), { signal })
  on.encoded?.()
  try {
    const x = addNoise(scene.paste, noise, sigmas[0])
    for (let step = 0; ; step++) {
      const maps = await run.predict(x, sigmas[step], signal)
      const clean = cleanPicture(scene.paste, maps)
      eulerStep(x, velocityFromClean(x, clean, sigmas[step]), sigmas[step], sigmas[step + 1])
      on.step?.(step + 1, clean)
      if (step + 1 === recipe.steps) return maps
    }
  } finally {
    run.dispose()
  }
}

/** Planar [3, n, n] in [-1,1] -> opaque pixels. */
function rasterOf(planar: Float32Array, size: number): Raster {
  const area = size * size
  const data = new Uint8ClampedArray(4 * area).fill(255)
  for (let pixel = 0; pixel < area; pixel++)
    for (let c = 0; c < 3; c++) data[4 * pixel + c] = 127.5 * (planar[c * area + pixel] + 1)
  return { width: size, height: size, data }
}
