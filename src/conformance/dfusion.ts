/** Adaptor of `dfusion`: the three runs in lockstep, maps, masks, what is kept, the target's log-densities. */
import type { Backend } from '@/backend/types'
import { hostTensor, type GoldenCase, type Tolerance } from '@/conformance/goldenCase'
import type { Report } from '@/conformance/report'
import { ddimOf, unetConfig } from '@/conformance/unet'
import { Unet } from '@/nets/unet/unetRunner'
import { alignDenoise, type AlignSampling, type AlignScene } from '@/pipelines/align/alignDenoise'
import type { AlignRun } from '@/pipelines/align/guidedRun'
import { CanonicalSource } from '@/weights/formats/source'

export async function runDfusion(golden: GoldenCase, backend: Backend, report: Report): Promise<void> {
  const inputs = await golden.tensors('inputs.safetensors')
  const expected = await golden.tensors('expected.safetensors')
  const home = await golden.sibling('../sd-unet')
  const weights = new CanonicalSource(await home.tensors('weights.safetensors'))
  const config = unetConfig(golden.config.unet as Record<string, unknown>)
  const net = await Unet.load(backend, config, weights)
  const give = (name: string) => hostTensor(inputs, name)
  const steps = golden.number('steps')
  const side = golden.number('used_layer_size')

  const start = give('noise_base')
  const [images, channels, rows, columns] = start.shape
  const run = (noise: string, steps: string): AlignRun => {
    const values = give(steps).data
    const size = start.data.length
    return { start: give(noise).data, noise: (index) => values.subarray(index * size, (index + 1) * size) }
  }
  const prompt = give('cond').data
  const scene: AlignScene = {
    images,
    channels,
    rows,
    columns,
    negative: give('neg').data,
    prompts: Array.from({ length: images }, (_, i) =>
      prompt.subarray((i * prompt.length) / images, ((i + 1) * prompt.length) / images),
    ),
    reference: run('noise_ref', 'vnoise_ref'),
    base: run('noise_base', 'vnoise_base'),
    target: run('noise_base', 'vnoise_base'),
  }
  const thresholds = golden.config.mask_thr as number[]
  const sampling: AlignSampling = {
    guidance: golden.number('guidance'),
    eta: golden.number('eta'),
    words: {
      // One column further than the word's index: the first is begin-of-text.
      columns: (golden.config.item_idx as number[]).map((index) => [index + 1]),
      maps: 'code',
      grid: { rows: side, columns: side },
    },
    chosen: thresholds.map((threshold, word) => ({ word, threshold })),
    union: 'or',
    fusion: 'keys',
    keptFormat: 'f32',
    layers: { first: 3, last: 6 },
    fused: { first: 2, last: steps - 1 },
  }
  const ddim = ddimOf(golden.config.scheduler as Record<string, unknown>, steps)
  const all = (name: string) => hostTensor(expected, name).data
  await alignDenoise(net, ddim, scene, sampling, {
    onStep: ({ done, reference, base, target, maps }) => {
      const index = done - 1
      const at = (name: string, size: number) => all(name).subarray(index * size, (index + 1) * size)
      // The case allows 1e-4 in the first step and 5e-3 in the last; rounding adds up from step to step.
      const abs = 1e-4 + (4.9e-3 * index) / (steps - 1)
      const loose: Tolerance = { abs, rel: 5e-4 }
      const check = (name: string, values: ArrayLike<number>, tolerance: Tolerance) =>
        report.compare(`${name}[${index}]`, values, at(name, values.length), tolerance)
      check('latents_ref', reference.x, loose)
      if (base) check('latents_base', base.x, loose)
      check('latents_target', target.x, loose)
      check('map_ref', maps, { abs: 1e-4, rel: 5e-4 })
      // The case has a mask per word; the smallest distance of a map to its threshold is 1.6e-4.
      const masks = Float32Array.from(maps, (value, i) => Number(value >= thresholds[i % thresholds.length]))
      check('mask_ref', masks, { abs: 0, rel: 0 })
      check('logp_target', target.logProbability ?? [], { abs: 1e-3, rel: 1e-3 })
    },
  })
  net.dispose()
}
