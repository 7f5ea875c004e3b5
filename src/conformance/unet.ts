/** Adaptor of `sd-unet`: forward with taps, a batch that is not square, the DDIM trajectory with guidance. */
import type { Backend, Tensor } from '@/backend/types'
import { hostTensor, type GoldenCase } from '@/conformance/goldenCase'
import type { Report } from '@/conformance/report'
import type { UnetContext, UnetHooks } from '@/nets/unet/unetHooks'
import { Unet } from '@/nets/unet/unetRunner'
import { guided } from '@/pipelines/align/guidedRun'
import { Ddim } from '@/samplers/ddim'
import type { UnetConfig } from '@/schema/pack'
import { CanonicalSource } from '@/weights/formats/source'

/** A diffusers config.json as ours; `attention_head_dim` holds the number of heads there. */
export function unetConfig(json: Record<string, unknown>): UnetConfig {
  const types = json.down_block_types as string[]
  const prediction = (json.scheduler as { prediction_type?: string } | undefined)?.prediction_type
  return {
    inChannels: json.in_channels as number,
    outChannels: json.out_channels as number,
    channels: json.block_out_channels as number[],
    heads: json.attention_head_dim as number[],
    attention: types.map((type) => type.startsWith('CrossAttn')),
    resnets: json.layers_per_block as number,
    contextDim: json.cross_attention_dim as number,
    groups: json.norm_num_groups as number,
    prediction: prediction === 'v_prediction' ? 'v_prediction' : 'epsilon',
  }
}

export function ddimOf(json: Record<string, unknown>, steps: number): Ddim {
  return new Ddim(
    {
      trainSteps: json.num_train_timesteps as number,
      betaStart: json.beta_start as number,
      betaEnd: json.beta_end as number,
      stepsOffset: json.steps_offset as number,
      setAlphaToOne: json.set_alpha_to_one as boolean,
      prediction: json.prediction_type as 'epsilon' | 'v_prediction',
      spacing: 'leading',
    },
    steps,
  )
}

/** One evaluation from host to host; `times` has one entry per item. */
export async function evaluate(
  net: Unet,
  sample: Float32Array,
  dims: readonly number[],
  times: readonly number[],
  context: UnetContext,
  hooks?: UnetHooks,
): Promise<Float32Array> {
  const { backend } = net
  const x = backend.upload(sample, dims, 'sample')
  const y = await net.forward(x, times, context, hooks)
  const values = await backend.read(y)
  backend.free(x, y)
  return values
}

export const joined = (...parts: readonly Float32Array[]): Float32Array => {
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

export async function runUnet(golden: GoldenCase, backend: Backend, report: Report): Promise<void> {
  const inputs = await golden.tensors('inputs.safetensors')
  const expected = await golden.tensors('expected.safetensors')
  const source = new CanonicalSource(await golden.tensors('weights.safetensors'))
  const tolerance = golden.tolerance()
  backend.trim()
  const before = backend.memory().residentBytes
  const net = await Unet.load(backend, unetConfig(golden.config), source)
  const give = (name: string) => hostTensor(inputs, name)
  const check = (name: string, values: Float32Array, allowed = tolerance) =>
    report.compare(name, values, hostTensor(expected, name).data, allowed)

  const tap = async (point: string, tensor: Tensor) => {
    if (expected.has(point)) check(point, await backend.read(tensor))
  }
  const { shape, data } = give('sample')
  const prompt = give('encoder_hidden_states').data
  const one = await net.context(prompt, shape[0])
  check('output', await evaluate(net, data, shape, [...give('timestep').data], one, { tap }))
  one.dispose()

  const wide = give('ns.sample')
  const times = [...give('ns.timestep').data]
  const two = await net.context(give('ns.encoder_hidden_states').data, wide.shape[0])
  check('ns.output', await evaluate(net, wide.data, wide.shape, times, two))
  two.dispose()

  const { steps, eta, guidance } = golden.config.ddim as { steps: number; eta: number; guidance: number }
  const ddim = ddimOf(golden.config.scheduler as Record<string, unknown>, steps)
  check('ddim.timesteps', Float32Array.from(ddim.timesteps))
  const both = await net.context(joined(give('ddim.negative_encoder_hidden_states').data, prompt), 2)
  const noise = give('ddim.variance_noise').data
  const latents = hostTensor(expected, 'ddim.latents').data
  let x: Float32Array = give('ddim.noise').data.slice()
  for (const [i, time] of ddim.timesteps.entries()) {
    const output = guided(
      await evaluate(net, joined(x, x), [2, ...shape.slice(1)], [time, time], both),
      guidance,
    )
    if (i === 0) check('ddim.noise_pred0', output)
    x = ddim.step(x, output, time, eta, noise.subarray(i * x.length, (i + 1) * x.length)).previous
    // Errors grow along the trajectory: the case allows 2e-3 at its end.
    const allowed = { abs: tolerance.abs + (2e-3 * (i + 1)) / steps, rel: tolerance.rel }
    report.compare(`ddim.latents[${i}]`, x, latents.subarray(i * x.length, (i + 1) * x.length), allowed)
  }
  both.dispose()
  net.dispose()
  backend.trim()
  report.compare('memory returned', [backend.memory().residentBytes - before], [0], { abs: 0, rel: 0 })
}
