/** Adaptor of `vae-flux2*`: FLUX.2's autoencoder with its statistics, in either checkpoint layout, whole and in strips. */
import type { Backend } from '@/backend/types'
import { hostTensor, type GoldenCase } from '@/conformance/goldenCase'
import type { Report } from '@/conformance/report'
import { bytesOf, STRIPS, VAE_TAPS } from '@/conformance/vae'
import { vaeLayout } from '@/families/shared/autoencoder'
import { interleave, type Picture } from '@/nets/strips/picture'
import { denormalise, loadStatistics, normalise, type LatentStatistics } from '@/nets/vae/statistics'
import { Vae } from '@/nets/vae/vae'
import { packLatent, unpackLatent } from '@/pipelines/shared/latents'
import { layoutSource } from '@/weights/formats/canonical'
import { checkpointOf } from '@/weights/formats/checkpoint'
import type { StoredTensor } from '@/weights/formats/safetensors'

/** Where this family's convolutions around the latent make other points of it. */
const TAPS: Readonly<Record<string, string>> = {
  ...VAE_TAPS,
  'encoder.conv_out': 'enc.before_quant_conv',
  quant_conv: 'moments',
  post_quant_conv: 'dec.post_quant_conv',
}
/** Kept by the case as tokens [pixels, channels]. */
const TOKENS = 'enc.mid.attn_before_proj'

/** An autoencoder as the importer reads it, with its statistics. */
export async function flux2Vae(
  backend: Backend,
  weights: ReadonlyMap<string, StoredTensor>,
  config: unknown,
): Promise<{ vae: Vae; statistics: LatentStatistics }> {
  const checkpoint = { ...checkpointOf(weights), json: { 'config.json': config } }
  const layout = vaeLayout(checkpoint)
  const source = layoutSource(checkpoint, layout.tensors)
  return {
    vae: await Vae.load(backend, layout.config, source),
    statistics: await loadStatistics(source, layout.config.latentChannels),
  }
}

/** The same numbers cut or named otherwise: f32's rounding, twice the cases' own distance to f64. */
const SAME = { abs: 5e-6, rel: 5e-6 }

/** Tokens [rows*columns, channels] -> [channels, rows, columns]. */
const planar = (tokens: Float32Array, channels: number): Float32Array =>
  interleave(tokens, tokens.length / channels)

export async function runVaeFlux2(golden: GoldenCase, backend: Backend, report: Report): Promise<void> {
  const inputs = await golden.tensors('inputs.safetensors')
  const expected = await golden.tensors('expected.safetensors')
  const tolerance = golden.tolerance()
  const compare = (name: string, values: Float32Array, allowed = tolerance): void => {
    if (expected.has(name)) report.compare(name, values, hostTensor(expected, name).data, allowed)
  }
  const { vae, statistics } = await flux2Vae(
    backend,
    await golden.tensors('weights.safetensors'),
    golden.config,
  )
  const channels = vae.config.latentChannels
  const tap = async (point: string, picture: Picture) => {
    const name = TAPS[point]
    if (!expected.has(name)) return
    const values = await picture.toPlanar()
    compare(name, name === TOKENS ? interleave(values, picture.channels) : values)
  }
  try {
    const image = hostTensor(inputs, 'image')
    const [, , height, width] = image.shape
    const [rows, columns] = [height / vae.factor, width / vae.factor]
    const { mean, logvar } = await vae.encode(image.data, height, width, { tap })
    compare('mean', mean)
    compare('logvar', logvar)
    const packed = packLatent(mean, channels, rows, columns) // [tokens, 4*channels]
    compare('patchified', planar(packed, 4 * channels))
    const tokens = normalise(packed, statistics)
    compare('normalised', planar(tokens, 4 * channels))
    compare('tokens_of_image', tokens)

    const given = hostTensor(inputs, 'tokens').data
    const raw = denormalise(given, statistics)
    compare('unpacked', planar(given, 4 * channels))
    compare('denormalised', planar(raw, 4 * channels))
    const latent = unpackLatent(raw, channels, rows, columns)
    compare('decoder_latent', latent)
    const decoded = await vae.decode(latent, rows, columns, { tap })
    compare('decoded', decoded)
    compare('decoded_uint8', bytesOf(decoded), { abs: 1, rel: 0 })
    const again = unpackLatent(denormalise(tokens, statistics), channels, rows, columns)
    if (expected.has('decoded_roundtrip'))
      compare('decoded_roundtrip', await vae.decode(again, rows, columns))

    const inStrips = await vae.encode(image.data, height, width, { limits: STRIPS })
    report.compare('mean, strips', inStrips.mean, mean, SAME)
    const stitched = await vae.decode(latent, rows, columns, { limits: STRIPS })
    report.compare('decoded, strips', stitched, decoded, SAME)

    // The same numbers under the authors' names, where the case has them.
    const authors = await golden.tensors('weights_bfl.safetensors').catch(() => null)
    if (!authors) return
    const other = await flux2Vae(backend, authors, golden.config)
    const encoded = await other.vae.encode(image.data, height, width)
    const othersTokens = normalise(packLatent(encoded.mean, channels, rows, columns), other.statistics)
    report.compare("tokens, authors' names", othersTokens, tokens, SAME)
    const picture = await other.vae.decode(latent, rows, columns)
    report.compare("decoded, authors' names", picture, decoded, SAME)
    other.vae.dispose()
  } finally {
    vae.dispose()
  }
}
