/** Adaptor of `vision-clip`: CLIP's vision tower, whole and in parts, as a batch and one by one, and quantised. */
import type { Backend } from '@/backend/types'
import { hostTensor, type GoldenCase } from '@/conformance/goldenCase'
import type { Report } from '@/conformance/report'
import { against, compareQuantised, Taps } from '@/conformance/text'
import { ClipVision } from '@/nets/encoders/clipVision'
import type { ClipVisionConfig } from '@/schema/pack'
import { CanonicalSource } from '@/weights/formats/source'

export async function runClipVision(golden: GoldenCase, backend: Backend, report: Report): Promise<void> {
  const weights = await golden.tensors('weights.safetensors')
  const inputs = await golden.tensors('inputs.safetensors')
  const expected = await golden.tensors('expected.safetensors')
  const config: ClipVisionConfig = {
    width: golden.number('hidden_size'),
    heads: golden.number('num_attention_heads'),
    layers: golden.number('num_hidden_layers'),
    mlp: golden.number('intermediate_size'),
    image: golden.number('image_size'),
    patch: golden.number('patch_size'),
    activation: golden.config.hidden_act === 'quick_gelu' ? 'quickGelu' : 'gelu',
    projection: golden.number('projection_dim'),
  }
  const { shape, data } = hostTensor(inputs, 'pixel_values')
  const [batch] = shape
  const compare = against(golden, report, expected)
  const source = new CanonicalSource(weights)

  const net = await ClipVision.load(backend, config, source)
  const taps = new Taps(backend)
  const whole = await net.embed(data, batch, { tap: taps.tap })
  compare('after_pre_layernorm', taps.get('embeddings'))
  compare('layer0.attn_before_proj', taps.get('layer0.attention'))
  compare('last_hidden_state', taps.get(`layer${config.layers - 1}.out`))
  compare('image_embeds', whole)
  compare('openai_encode_image', whole)
  const size = data.length / batch
  for (let i = 0; i < batch; i++) {
    const alone = await net.embed(data.subarray(i * size, (i + 1) * size), 1)
    const among = whole.subarray(i * config.projection, (i + 1) * config.projection)
    report.compare(`picture ${i} alone`, alone, among, golden.tolerance())
  }
  net.dispose()

  await compareQuantised(golden, report, source, async (given) => {
    const quantised = await ClipVision.load(backend, config, given)
    const values = await quantised.embed(data, batch)
    quantised.dispose()
    return values
  })
}
