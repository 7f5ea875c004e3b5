import type { Raster } from '@/base/geometry'

import { blankRaster } from '@/assets/raster'

/** Rows per readback, so that no scratch canvas passes any browser's limit of area. */
const BAND_PIXELS = 4 << 20

/** `stored`: the file's numbers as they are. `srgb`: converted by the file's profile. */
export type Colours = 'stored' | 'srgb'

/**
 * Decodes the first frame with what the browser has: straight alpha. Opaque formats go through
 * ImageDecoder where there is one, else a 2D canvas. What may hold alpha is read back through WebGL, the only way that
 * never multiplies colours by alpha: ImageDecoder in Chromium does (seen in 2026), so it is the last resort there and
 * costs faint pixels some of their colour. Colours are converted on the way to a bitmap only (ImageDecoder's frames keep
 * their space). Throws whatever the browser throws.
 */
export async function decodeWithBrowser(
  bytes: Uint8Array<ArrayBuffer>,
  mime: string,
  mayHaveAlpha: boolean,
  colours: Colours,
): Promise<Raster> {
  const direct = typeof ImageDecoder !== 'undefined' && (await ImageDecoder.isTypeSupported(mime))
  const asBitmap = (): Promise<Raster> => decodeWithBitmap(bytes, mime, mayHaveAlpha, colours)
  const asFrame = (): Promise<Raster> => decodeWithImageDecoder(bytes, mime)
  if (!direct || colours === 'srgb') return asBitmap()
  const [first, second] = mayHaveAlpha ? [asBitmap, asFrame] : [asFrame, asBitmap]
  return first().catch((error: unknown) => second().catch(() => Promise.reject(error)))
}

export async function decodeWithImageDecoder(bytes: Uint8Array<ArrayBuffer>, mime: string): Promise<Raster> {
  const decoder = new ImageDecoder({
    data: bytes,
    type: mime,
    colorSpaceConversion: 'none',
    preferAnimation: false,
  })
  try {
    const { image } = await decoder.decode({ frameIndex: 0, completeFramesOnly: true })
    try {
      const raster = blankRaster(image.visibleRect?.width ?? 0, image.visibleRect?.height ?? 0)
      await image.copyTo(raster.data, { format: 'RGBA' })
      return raster
    } finally {
      image.close()
    }
  } finally {
    decoder.close()
  }
}

export async function decodeWithBitmap(
  bytes: Uint8Array<ArrayBuffer>,
  mime: string,
  mayHaveAlpha: boolean,
  colours: Colours = 'stored',
): Promise<Raster> {
  const bitmap = await createImageBitmap(new Blob([bytes], { type: mime }), {
    premultiplyAlpha: 'none',
    colorSpaceConversion: colours === 'stored' ? 'none' : 'default',
    imageOrientation: 'from-image',
  })
  try {
    // A texture would keep what lies outside sRGB (HDR).
    return mayHaveAlpha && colours === 'stored' ? readThroughWebGl(bitmap) : readThroughCanvas(bitmap)
  } finally {
    bitmap.close()
  }
}

function bands(bitmap: ImageBitmap): { top: number; height: number }[] {
  const height = Math.max(1, Math.floor(BAND_PIXELS / bitmap.width))
  return Array.from({ length: Math.ceil(bitmap.height / height) }, (_, i) => ({
    top: i * height,
    height: Math.min(height, bitmap.height - i * height),
  }))
}

/** Exact for pictures without alpha, in every browser; faint pixels lose some of their colour. */
function readThroughCanvas(bitmap: ImageBitmap): Raster {
  const raster = blankRaster(bitmap.width, bitmap.height)
  const parts = bands(bitmap)
  const canvas = new OffscreenCanvas(bitmap.width, parts[0].height)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) throw new Error('no 2D canvas')
  for (const { top, height } of parts) {
    context.clearRect(0, 0, bitmap.width, height)
    context.drawImage(bitmap, 0, -top)
    raster.data.set(context.getImageData(0, 0, bitmap.width, height).data, top * bitmap.width * 4)
  }
  return raster
}

/** For pictures with alpha: a texture keeps straight alpha as it is. */
function readThroughWebGl(bitmap: ImageBitmap): Raster {
  const { width, height } = bitmap
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2', { antialias: false, depth: false })
  if (!gl) throw new Error('no WebGL2')
  try {
    const limit = gl.getParameter(gl.MAX_TEXTURE_SIZE) as number
    if (width > limit || height > limit)
      throw new Error(`pictures with alpha are limited to ${limit} px per side here`)
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false)
    gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE)
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture())
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE, bitmap)
    gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer())
    gl.framebufferTexture2D(
      gl.FRAMEBUFFER,
      gl.COLOR_ATTACHMENT0,
      gl.TEXTURE_2D,
      gl.getParameter(gl.TEXTURE_BINDING_2D),
      0,
    )
    if (gl.checkFramebufferStatus(gl.FRAMEBUFFER) !== gl.FRAMEBUFFER_COMPLETE)
      throw new Error('no WebGL framebuffer')
    const raster = blankRaster(width, height)
    const flat = new Uint8Array(raster.data.buffer)
    for (const band of bands(bitmap))
      gl.readPixels(0, band.top, width, band.height, gl.RGBA, gl.UNSIGNED_BYTE, flat, band.top * width * 4)
    if (gl.getError() !== gl.NO_ERROR || gl.isContextLost()) throw new Error('the WebGL readback failed')
    return raster
  } finally {
    gl.getExtension('WEBGL_lose_context')?.loseContext()
  }
}
