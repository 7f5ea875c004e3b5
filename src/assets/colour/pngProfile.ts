import { cicpSpace } from '@/assets/colour/cicp'
import { MAX_PROFILE, readIcc, type Profile } from '@/assets/colour/icc'
import { parametric, primariesToSrgb, SRGB_PRIMARIES, type Chromaticity } from '@/assets/colour/space'
import { inflateBounded } from '@/assets/inflate'
import type { PngChunk } from '@/assets/pngChunks'

/**
 * What a PNG says of its colours, by the precedence of its specification: cICP, iCCP, sRGB, then gAMA and cHRM.
 * Null where it says nothing, or that it is sRGB. A profile for another kind of picture (grey or not) is a broken one.
 */
export function pngProfile(chunks: PngChunk[], greyPicture: boolean): Profile | null {
  const find = (type: string): Uint8Array<ArrayBuffer> | undefined =>
    chunks.find((chunk) => chunk.type === type)?.data
  const [cicp, iccp, gama, chrm] = [find('cICP'), find('iCCP'), find('gAMA'), find('cHRM')]
  if (cicp && cicp.length >= 4 && cicp[2] === 0 && cicp[3] === 1) {
    const space = cicpSpace({ primaries: cicp[0], transfer: cicp[1] })
    return space ? { kind: 'space', space, grey: false } : { kind: 'other', name: 'its own (CICP)' }
  }
  if (iccp) {
    const profile = readIcc(inflateProfile(iccp))
    return profile.kind === 'space' && profile.grey !== greyPicture ? { kind: 'broken' } : profile
  }
  if (find('sRGB')) return null
  if (!gama || gama.length < 4) return null
  return gammaSpace(gama, chrm)
}

/** keyword NUL, method, zlib data */
function inflateProfile(data: Uint8Array): Uint8Array {
  const end = data.subarray(0, 80).indexOf(0)
  const inflated =
    end >= 1 && data[end + 1] === 0 ? inflateBounded(data.subarray(end + 2), MAX_PROFILE) : null
  return inflated ?? new Uint8Array(0)
}

function gammaSpace(
  gama: Uint8Array<ArrayBuffer>,
  chrm: Uint8Array<ArrayBuffer> | undefined,
): Profile | null {
  const gamma = new DataView(gama.buffer, gama.byteOffset).getUint32(0) / 100_000
  if (gamma <= 0 || gamma > 10) return null
  const curve = parametric(1 / gamma)
  let primaries = SRGB_PRIMARIES
  if (chrm && chrm.length >= 32) {
    const view = new DataView(chrm.buffer, chrm.byteOffset)
    const [white, red, green, blue] = [0, 8, 16, 24].map((at): Chromaticity => [
      view.getUint32(at) / 100_000,
      view.getUint32(at + 4) / 100_000,
    ])
    primaries = { white, red, green, blue }
  }
  const toLinearSrgb = primariesToSrgb(primaries)
  if (!toLinearSrgb) return null
  const name = `a gamma of ${(1 / gamma).toFixed(1)}`
  return { kind: 'space', grey: false, space: { name, curves: [curve, curve, curve], toLinearSrgb } }
}
