/**
 * D-Fusion at latent level (specs: D-Fusion §4, §5): reference, base and target run in lockstep; in every step the
 * reference's self-attention keys and values replace the target's where its cross-attention to chosen words says so.
 * Pipeline and conformance both run this.
 */
import type { Tensor } from '@/backend/types'
import { unreachable } from '@/base/errors'
import { wordMask, type WordThreshold } from '@/base/wordMask'
import type { AttentionSite, UnetHooks } from '@/nets/unet/unetHooks'
import type { Unet } from '@/nets/unet/unetRunner'
import {
  guidanceOf,
  guidedContext,
  GuidedRun,
  type AlignRun,
  type LatentShape,
  type RunSettings,
} from '@/pipelines/align/guidedRun'
import { KeptLayers, type KeptFormat } from '@/pipelines/align/keptLayers'
import { MapWatcher, type WatchedWords } from '@/pipelines/align/wordMaps'
import type { Ddim } from '@/samplers/ddim'

export interface AlignSampling extends RunSettings {
  /** Words whose maps are wanted. */
  words: WatchedWords
  /** Those of them that make the mask. */
  chosen: readonly WordThreshold[]
  /** How the masks of several words become one. */
  union: 'or' | 'xor'
  /** D-Fusion's block numbers whose self-attention is fused, both ends included. */
  layers: { first: number; last: number }
  /** Steps, counted from 0, whose self-attention is fused, both ends included. */
  fused: { first: number; last: number }
  /** Masked keys and values; all of them; attention's outputs under the mask: the paper's ablation (Fig. 8). */
  fusion: 'keys' | 'whole' | 'outputs'
  /** How the reference's keys and values wait for the target; f16 takes half as much. */
  keptFormat: KeptFormat
}

export interface AlignScene extends LatentShape {
  /** [tokens, width]: the empty prompt. */
  negative: Float32Array
  /** [tokens, width] for every image; its three runs share it. */
  prompts: readonly Float32Array[]
  reference: AlignRun
  /** null where its picture is not wanted: the target needs only its noise. */
  base: AlignRun | null
  target: AlignRun
}

/** A run after a step. */
export interface AlignRunStep {
  /** Latents, [images, channels, rows, columns]. */
  x: Float32Array
  /** Predicted clean latents. */
  clean: Float32Array
  /** Mean log-density of the step, per image; null where it is deterministic. */
  logProbability: number[] | null
}

export interface AlignStep {
  /** Steps finished, from 1. */
  done: number
  timestep: number
  reference: AlignRunStep
  base: AlignRunStep | null
  target: AlignRunStep
  /** Attention to each watched word, [images, cells, words]. */
  maps: Float32Array
  /** What was fused, or would be in this step, [images, cells], 0 or 1. */
  mask: Uint8Array
  /** Whether this step was fused. */
  fused: boolean
  /** Bytes that were kept of the reference for this step. */
  keptBytes: number
}

/** @returns the target, [images, channels, rows, columns]. @throws AbortError; device-lost, out-of-memory */
export async function alignDenoise(
  net: Unet,
  ddim: Ddim,
  scene: AlignScene,
  sampling: AlignSampling,
  options: { signal?: AbortSignal; onStep?: (step: AlignStep) => void | Promise<void> } = {},
): Promise<Float32Array> {
  const { backend } = net
  const { signal } = options
  const runs = [scene.reference, scene.target, ...(scene.base ? [scene.base] : [])]
  const branches = runs.every((run) => guidanceOf(run, sampling) === 1) ? 1 : 2
  const context = await guidedContext(net, scene.negative, scene.prompts, branches)
  const watcher = new MapWatcher(net, scene, branches, sampling.words)
  const kept = new KeptLayers(backend, sampling.keptFormat)
  const open = (run: AlignRun) => new GuidedRun(net, ddim, context, scene, run, sampling)
  const reference = open(scene.reference)
  const base = scene.base && open(scene.base)
  const target = open(scene.target)
  try {
    for (const [index, timestep] of ddim.timesteps.entries()) {
      const fused = index >= sampling.fused.first && index <= sampling.fused.last
      const fuses = (site: AttentionSite) =>
        fused && site.layer >= sampling.layers.first && site.layer <= sampling.layers.last

      const referenceStep = await reference.step(
        index,
        { ...watcher.hooks(), ...keeping(kept, sampling.fusion, fuses) },
        signal,
      )
      const maps = await watcher.take()
      const mask =
        sampling.fusion === 'whole'
          ? new Uint8Array(scene.images * watcher.cells).fill(1)
          : wordMask(maps, sampling.words.columns.length, sampling.chosen, sampling.union)
      const baseStep = base && (await base.step(index, {}, signal))

      const { grid } = sampling.words
      const dims = [scene.images, grid.rows, grid.columns]
      const maskTensor = backend.upload(Float32Array.from(mask), dims, 'mask')
      const targetStep = await target
        .step(index, fusing(kept, sampling.fusion, branches * scene.images, maskTensor, net), signal)
        .finally(() => backend.free(maskTensor))
      const keptBytes = kept.bytes
      kept.clear()
      await options.onStep?.({
        done: index + 1,
        timestep,
        reference: { x: reference.x, ...referenceStep },
        base: base && baseStep && { x: base.x, ...baseStep },
        target: { x: target.x, ...targetStep },
        maps,
        mask,
        fused,
        keptBytes,
      })
    }
    return target.x
  } finally {
    kept.clear()
    watcher.dispose()
    context.context.dispose()
  }
}

/** The reference's side of the fusion. */
function keeping(
  kept: KeptLayers,
  fusion: AlignSampling['fusion'],
  fuses: (site: AttentionSite) => boolean,
): UnetHooks {
  const keep = (site: AttentionSite, ...tensors: Tensor[]) => {
    if (fuses(site)) kept.keep(site, ...tensors)
    return Promise.resolve()
  }
  switch (fusion) {
    case 'keys':
    case 'whole':
      return { self: keep }
    case 'outputs':
      return { attended: (site, out) => keep(site, out) }
    default:
      return unreachable(fusion)
  }
}

/** The target's side: what was kept replaces its own under the mask, in both branches of the guidance. */
function fusing(
  kept: KeptLayers,
  fusion: AlignSampling['fusion'],
  batch: number,
  mask: Tensor,
  net: Unet,
): UnetHooks {
  const fuse = (site: AttentionSite, own: readonly [Tensor, Tensor], theirs: readonly [Tensor, Tensor]) =>
    net.backend.kvFusion({
      batch,
      width: site.heads * site.headDim,
      grid: site,
      target: { k: own[0], v: own[1] },
      reference: { k: theirs[0], v: theirs[1] },
      mask,
    })
  switch (fusion) {
    case 'keys':
    case 'whole':
      return {
        self: (site, k, v) => {
          const [referenceK, referenceV] = kept.of(site) ?? []
          if (referenceK) fuse(site, [k, v], [referenceK, referenceV])
          return Promise.resolve()
        },
      }
    case 'outputs':
      return {
        attended: (site, out, spare) => {
          const [reference] = kept.of(site) ?? []
          // The kernel fuses pairs; the second of this one is not looked at again.
          if (reference) fuse(site, [out, spare], [reference, reference])
          return Promise.resolve()
        },
      }
    default:
      return unreachable(fusion)
  }
}
