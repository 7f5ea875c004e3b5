/** Adaptor of `text-qwen3`: hidden states of the first layers, with and without padding. */
import type { Backend } from '@/backend/types'
import { hostTensor, type GoldenCase } from '@/conformance/goldenCase'
import type { Report } from '@/conformance/report'
import { against, compareQuantised, Taps } from '@/conformance/text'
import { qwen3Layout } from '@/families/flux2/qwen3'
import { Qwen3Encoder } from '@/nets/encoders/qwen3'
import { layoutSource } from '@/weights/formats/canonical'
import { checkpointOf } from '@/weights/formats/checkpoint'

export async function runQwen3(golden: GoldenCase, backend: Backend, report: Report): Promise<void> {
  const inputs = await golden.tensors('inputs.safetensors')
  const expected = await golden.tensors('expected.safetensors')
  const compare = against(golden, report, expected)
  const checkpoint = {
    ...checkpointOf(await golden.tensors('weights.safetensors')),
    json: { 'config.json': golden.config },
  }
  const { config, tensors } = qwen3Layout(checkpoint)
  const source = layoutSource(checkpoint, tensors)
  const encoder = new Qwen3Encoder(backend, config, source)
  const given = (prefix: string) => ({
    ids: Int32Array.from(hostTensor(inputs, `${prefix}input_ids`).data),
    mask: hostTensor(inputs, `${prefix}attention_mask`).data,
  })

  const plain = given('')
  const taps = new Taps(backend)
  const whole = await encoder.encode(plain.ids, { mask: plain.mask, tap: taps.tap })
  compare('hidden_states.0', taps.get('embeddings'))
  compare('layer0.attn_before_proj', taps.get('layer0.attention'))
  for (let k = 1; k <= Math.max(...config.states); k++)
    compare(`hidden_states.${k}`, taps.get(`layer${k - 1}.out`))
  compare('prompt_embeds', whole)
  for (const name of expected.keys()) {
    const prefix = /^(.+\.)prompt_embeds$/.exec(name)?.[1]
    if (prefix === undefined) continue
    const { ids, mask } = given(prefix)
    compare(name, await encoder.encode(ids, { mask }))
  }
  await compareQuantised(golden, report, source, (other) =>
    new Qwen3Encoder(backend, config, other).encode(plain.ids, { mask: plain.mask }),
  )
}
