import { expect, it } from 'vitest'

import { InlayError } from '@/base/errors'
import type { Raster } from '@/base/geometry'

import { decodeImage, type Decoded } from '@/assets/decode'
import { damagedFiles, type Damaged } from '@/assets/testDamage'
import { blankRaster } from '@/assets/raster'

/** What an `img` element shows of a file, where it shows anything. */
async function seen({ bytes }: Damaged): Promise<Raster | null> {
  const image = new Image()
  const loaded = new Promise((resolve) => {
    image.onload = image.onerror = resolve
  })
  image.src = URL.createObjectURL(new Blob([bytes]))
  await loaded
  URL.revokeObjectURL(image.src)
  const { naturalWidth: width, naturalHeight: height } = image
  if (width === 0) return null
  const context = new OffscreenCanvas(width, height).getContext('2d')
  context?.drawImage(image, 0, 0)
  const raster = blankRaster(width, height)
  raster.data.set(context?.getImageData(0, 0, width, height).data ?? [])
  return shownOf(raster) > 0 ? raster : null
}

const shownOf = ({ data }: Raster): number => data.filter((value, i) => i % 4 === 3 && value > 0).length

async function opened({ bytes, what }: Damaged): Promise<Decoded | null> {
  try {
    return await decodeImage(new Blob([bytes]), what)
  } catch (error) {
    if (error instanceof InlayError && error.problem.code === 'bad-image') return null
    throw error
  }
}

/** Largest difference where the browser shows something. */
function difference(ours: Raster, theirs: Raster): number {
  let most = 0
  for (let i = 0; i < theirs.data.length; i += 4)
    if (theirs.data[i + 3] > 0)
      for (let c = 0; c < 4; c++) most = Math.max(most, Math.abs(ours.data[i + c] - theirs.data[i + c]))
  return most
}

/** Of JPEGs, two of the browser's own decoders differ by as much; in broken ones by more. */
const tolerance = (what: string): number => (what.includes('broken') ? 80 : 5)

it('opens whatever the browser shows, and shows the same', async () => {
  const wrong: string[] = []
  for (const file of await damagedFiles()) {
    const [theirs, ours] = [await seen(file), await opened(file)]
    if (!theirs) continue
    if (!ours) wrong.push(`${file.what} is refused`)
    else {
      const most = difference(ours.raster, theirs)
      if (most > (file.mime === 'image/jpeg' ? tolerance(file.what) : 0))
        wrong.push(`${file.what}: ${most} off`)
      const all = theirs.width * theirs.height
      if (shownOf(theirs) < all && ours.notes.length === 0) wrong.push(`${file.what}: not a word on it`)
    }
  }
  expect(wrong).toEqual([])
})

it('refuses what nobody could show, in words', async () => {
  const files = await damagedFiles()
  const refused: string[] = []
  for (const file of files) if (!(await opened(file))) refused.push(file.what)
  expect(refused).toEqual([
    'a PNG with nothing but a header',
    'a PNG with no pixels',
    'a PNG with a note before its header',
    'a PNG with no palette',
    'a PNG with a depth that does not exist',
    'a JPEG with no pixels',
    'a JPEG with two beginnings',
    'a JPEG with bytes before its beginning',
    'a WebP with a wrong length, short',
    'a WebP with a wrong length, long',
    'a WebP with its last third missing',
    'a GIF with its first frame cut',
    'an AVIF with its last bytes missing',
    'a text',
  ])
})
