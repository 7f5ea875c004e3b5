/** Photoshop documents as the studio writes them. */
import type { Layer } from 'ag-psd'
import { decode } from 'fast-png'

import { readPsd } from '@/assets/testPsd'

import { expect, type Studio } from './studio'

export const namesOf = (layers: readonly Layer[] = []): (string | undefined)[] =>
  layers.flatMap(({ name, children }) => (children ? [name, ...namesOf(children)] : [name]))

async function exportPsd(studio: Studio) {
  await studio.get('export').click()
  await studio.get('export-format').getByText('PSD').click()
  await studio.get('export-save').click()
}

/** The document by mouse or key, which must look like the PNG. */
export async function downloadPsd(studio: Studio, start = () => exportPsd(studio)) {
  const before = await studio.document()
  const png = decode(await studio.download(() => studio.get('download').click()))
  const psd = readPsd(await studio.download(start), { useImageData: true, useRawThumbnail: true })
  const flat = psd.imageData?.data ?? []
  expect([psd.width, psd.height]).toEqual([png.width, png.height])
  expect(await studio.document()).toEqual(before)
  let most = 0
  for (let pixel = 0; pixel < png.width * png.height; pixel++)
    for (let channel = 0; channel < 3; channel++)
      most = Math.max(most, Math.abs(flat[4 * pixel + channel] - png.data[png.channels * pixel + channel]))
  expect(most).toBeLessThanOrEqual(2)
  return psd
}
