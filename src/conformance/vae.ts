/** Adaptor of `vae-*`: encode, posterior, scaling, decode; whole, and in strips of a few rows. */
import type { Backend } from '@/backend/types'
import { hostTensor, type GoldenCase } from '@/conformance/goldenCase'
import type { Report } from '@/conformance/report'
import { interleave, type Picture } from '@/nets/strips/picture'
import { sampleLatent, Vae } from '@/nets/vae/vae'
import { toModelLatent, toVaeLatent } from '@/pipelines/shared/latents'
import { VaeConfig } from '@/schema/pack'
import { CanonicalSource } from '@/weights/formats/source'
import * as v from 'valibot'

/** The golden names of our steps. */
export const VAE_TAPS: Readonly<Record<string, string>> = {
  'encoder.conv_in': 'enc.conv_in',
  'encoder.down_blocks.0.downsamplers.0.conv': 'enc.down0',
  'encoder.down_blocks.3.resnets.1.conv2': 'enc.down3',
  'encoder.mid_block.attentions.0': 'enc.mid.attn_before_proj',
  'encoder.mid_block.attentions.0.to_out.0': 'enc.mid.attn_out',
  'encoder.mid_block.resnets.1.conv2': 'enc.mid',
  'encoder.conv_out': 'enc.out',
  'decoder.conv_in': 'dec.conv_in',
  'decoder.mid_block.resnets.1.conv2': 'dec.mid',
  'decoder.up_blocks.0.upsamplers.0.conv': 'dec.up0',
  'decoder.up_blocks.3.resnets.2.conv2': 'dec.up3',
}
/** Kept by the case as tokens [pixels, channels]. */
const TOKENS = 'enc.mid.attn_before_proj'

/** So little per run that every picture is cut into single rows. */
export const STRIPS = { runFlops: 1, stripBytes: 1 }
/**
 * Strips against whole: rounding only. ORT's wasm convolutions sum alike whatever the shape; its WebGPU ones do not, and
 * then f32 shows as it does against f64 (2e-6, see the cases' README).
 */
const SAME = { cpu: { abs: 1e-6, rel: 1e-6 }, webgpu: { abs: 5e-6, rel: 5e-6 } }

export async function runVae(golden: GoldenCase, backend: Backend, report: Report): Promise<void> {
  const inputs = await golden.tensors('inputs.safetensors')
  const expected = await golden.tensors('expected.safetensors')
  const want = (name: string) => hostTensor(expected, name).data
  const tolerance = golden.tolerance()
  const config = v.parse(VaeConfig, {
    latentChannels: golden.number('latent_channels'),
    channels: golden.config.block_out_channels,
    resnets: golden.number('layers_per_block'),
    groups: golden.number('norm_num_groups'),
    quantConvs: golden.config.use_quant_conv,
    scaling: golden.number('scaling_factor'),
    shift: golden.number('shift_factor', 0),
  })
  const source = new CanonicalSource(await golden.tensors('weights.safetensors'))
  const vae = await Vae.load(backend, config, source)
  const tap = async (point: string, picture: Picture) => {
    const name = VAE_TAPS[point]
    if (!expected.has(name)) return
    const values = await picture.toPlanar()
    report.compare(
      name,
      name === TOKENS ? interleave(values, picture.channels) : values,
      want(name),
      tolerance,
    )
  }
  try {
    const image = hostTensor(inputs, 'image')
    const [, , height, width] = image.shape
    const posterior = await vae.encode(image.data, height, width, { tap })
    report.compare('mean', posterior.mean, want('mean'), tolerance)
    report.compare('logvar', posterior.logvar, want('logvar'), tolerance)
    const sample = sampleLatent(posterior, hostTensor(inputs, 'eps').data)
    report.compare('sample', sample, want('sample'), tolerance)
    report.compare('sample_scaled', toModelLatent(sample, config), want('sample_scaled'), tolerance)

    const latent = hostTensor(inputs, 'latent')
    const [, , rows, columns] = latent.shape
    const decodeInput = toVaeLatent(latent.data, config)
    report.compare('decode_input', decodeInput, want('decode_input'), tolerance)
    const decoded = await vae.decode(decodeInput, rows, columns, { tap })
    report.compare('decoded', decoded, want('decoded'), tolerance)
    report.compare('decoded_uint8', bytesOf(decoded), want('decoded_uint8'), { abs: 1, rel: 0 })
    const again = await vae.decode(posterior.mean, rows, columns)
    report.compare('decoded_roundtrip_mean', again, want('decoded_roundtrip_mean'), tolerance)

    const same = SAME[backend.name]
    const inStrips = await vae.encode(image.data, height, width, { limits: STRIPS })
    report.compare('mean, strips', inStrips.mean, posterior.mean, same)
    report.compare('logvar, strips', inStrips.logvar, posterior.logvar, same)
    const stitched = await vae.decode(decodeInput, rows, columns, { limits: STRIPS })
    report.compare('decoded, strips', stitched, decoded, same)
  } finally {
    vae.dispose()
  }
}

/** [3, height, width] in [-1, 1] -> [height, width, 3] as bytes. */
export const bytesOf = (picture: Float32Array): Float32Array =>
  interleave(picture, 3).map((value) => Math.round(Math.min(1, Math.max(0, value / 2 + 0.5)) * 255))
