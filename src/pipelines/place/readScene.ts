/** Reads camera, light and ground off a photo: a seed is one plausible reading, words choose among several. */
import { resizeRaster } from '@/assets/resample'
import { lightWish } from '@/base/lightWords'
import type { Raster } from '@/base/geometry'
import {
  decodedScene,
  sceneInput,
  SceneNet,
  SCENE_INPUT,
  SCENE_NUMBERS,
  type DrawnScene,
  type SeenPicture,
} from '@/nets/scene'
import { photoScene } from '@/pipelines/place/drawnScene'
import { farFrom } from '@/pipelines/place/lightDistance'
import type { SceneRequest } from '@/pipelines/place/report'
import { straightEdges } from '@/pipelines/place/segments'
import { agreedCamera } from '@/pipelines/place/vanishing'
import { believed, expectedCamera, settled } from '@/pipelines/place/witnesses'
import type { ExtraWork, RunContext } from '@/pipelines/shared/engineMode'
import { eulerStep, flowSigmas } from '@/samplers/flowMatch'
import { philoxNormals } from '@/samplers/philox'
import type { PhotoScene } from '@/schema/modes/place'
import { readPack } from '@/weights/packs/pack'

type Light = PhotoScene['lights'][number]

const STEPS = 4
/** Draws that words choose among. */
const DRAWS = 16
/** Draws that are the same for every seed: what they agree on is the photo's. */
const WITNESSES = 16
const WITNESS_SEED = 0n
/** Length in which straight edges are looked for, px of the longer side. */
const EDGES_SIDE = 512

/** @throws bad-weights, hash-mismatch, network; AbortError */
function openSceneNet({ backend, models, builtIn, onLoading, signal }: RunContext): Promise<SceneNet> {
  return models.always('scene', async () => {
    const pack = await builtIn('scene')
    return SceneNet.load(backend, pack.manifest.config, await readPack(pack, onLoading, signal))
  })
}

/**
 * The ground is what sixteen draws agree on, the camera what they and the photo's straight edges do. The light is the seed's: its
 * first draw, or with words of light the one that fits them best. A key that the sixteen do not agree on comes from where its shadow is seen: without one things hover. Who
 * asks for a light in words gets it as it is drawn.
 * @returns a scene for each seed, in their order; the photo is looked at once
 */
export async function readScenes(
  net: SceneNet,
  photo: Raster,
  { prompt, seed, others = [], steps }: SceneRequest,
): Promise<PhotoScene[]> {
  const wish = lightWish(prompt)
  const draws = wish ? DRAWS : 1
  const seeds = [seed, ...others].map((digits) => ({ seed: BigInt(digits), draws }))
  const noise = noiseOf([{ seed: WITNESS_SEED, draws: WITNESSES }, ...seeds])
  const seen = await net.look(sceneInput(fitted(photo, SCENE_INPUT)))
  try {
    const ends = await flowed(net, seen, noise, steps)
    const drawn = Array.from({ length: noise.length / SCENE_NUMBERS }, (_, draw) =>
      decodedScene(ends.subarray(draw * SCENE_NUMBERS, (draw + 1) * SCENE_NUMBERS)),
    )
    const witnesses = drawn.slice(0, WITNESSES)
    const keyOf = (draw: DrawnScene): Light => photoScene(draw, photo).lights[0]
    const keys = witnesses.map(keyOf)
    const camera = agreedCamera(straightEdges(fitted(photo, EDGES_SIDE)), expectedCamera(witnesses))
    return seeds.map((_, index) => {
      const from = WITNESSES + index * draws
      const offered = drawn.slice(from, from + draws).map((draw) => settled(draw, witnesses, camera))
      if (wish) {
        const far = offered.map((draw) => farFrom(wish, draw, photoScene(draw, photo)))
        return photoScene(offered[far.indexOf(Math.min(...far))], photo)
      }
      const scene = photoScene(offered[0], photo)
      return { ...scene, lights: believed(scene.lights, keys) }
    })
  } finally {
    net.free(seen)
  }
}

/** Each seed's first draws, one after the other. [draws, SCENE_NUMBERS] */
function noiseOf(parts: readonly { seed: bigint; draws: number }[]): Float32Array {
  const rows = parts.flatMap(({ seed, draws }) =>
    Array.from({ length: draws }, (_, draw) => philoxNormals(seed, draw, SCENE_NUMBERS)),
  )
  const noise = new Float32Array(rows.length * SCENE_NUMBERS)
  rows.forEach((row, at) => noise.set(row, at * SCENE_NUMBERS))
  return noise
}

/** With its longer side of `length` px. */
function fitted(photo: Raster, length: number): Raster {
  const scale = length / Math.max(photo.width, photo.height)
  const side = (pixels: number): number => Math.max(1, Math.round(pixels * scale))
  return resizeRaster(photo, side(photo.width), side(photo.height))
}

/** Where Euler's steps lead from noise: encoded scenes. [draws, SCENE_NUMBERS] */
export async function flowed(
  net: SceneNet,
  seen: SeenPicture,
  noise: Float32Array,
  steps = STEPS,
): Promise<Float32Array> {
  const sigmas = flowSigmas(steps, { kind: 'none' })
  const scenes = noise.slice()
  for (let step = 0; step < steps; step++)
    eulerStep(scenes, await net.velocity(seen, scenes, sigmas[step]), sigmas[step], sigmas[step + 1])
  return scenes
}

/** For the page, which shows what Fuse would do. */
export const sceneOfPhoto: ExtraWork<'scene'> = async (context, recipe, [photo], announce) =>
  (await readScenes(await openSceneNet(context), photo, recipe)).forEach(announce)
